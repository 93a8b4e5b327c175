"""A person's answer: approve, edit, reject, each counted once, each leaving the record in order."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cedar_home import practice_of
from home_contents import differing, rows_of
from home_lives import clock

from agent.office import NotWaiting, Office
from agent.review import BadChange
from knowledge.records import UnknownDenial
from knowledge.types.record import DenialRecord

Pick = Callable[[DenialRecord], bool]


class Reviewer:
    """One home and a person who answers."""

    def __init__(self, office: Office) -> None:
        self.office, self.practice_id = office, practice_of(office)

    def case(self, fits: Pick = lambda record: True) -> DenialRecord:
        return next(r for r in self.office.records_of(self.practice_id) if r.status == "in_review" and fits(r))

    def answer(
        self, record: DenialRecord, decision: Any, key: str = "k1", role: Any = None, **changes: Any
    ) -> DenialRecord:
        return self.office.review(
            self.practice_id,
            record.denial_id,
            key=key,
            decision=decision,
            reason="as charted",
            by="biller",
            changes=changes or None,
            role=role,
        )

    def events(self, record: DenialRecord) -> list[str]:
        return [event.kind for event in self.office.timeline(self.practice_id, record.denial_id)]

    def file(self, record: DenialRecord, kind: str) -> bytes | None:
        found = self.office.product_file(self.practice_id, record.denial_id, kind)
        return found[0].read_bytes() if found else None


@pytest.fixture
def reviewer(home: Path) -> Iterator[Reviewer]:
    with Office.open(home, clock) as office:
        yield Reviewer(office)


def to_authorize(record: DenialRecord) -> bool:
    return record.remedy == "authorization_fix" and record.products.packet is not None


def kept(record: DenialRecord, *but: str) -> dict[str, Any]:
    return record.model_dump(exclude={"status", "priority", "series", *but})


@pytest.mark.parametrize(("decision", "status"), [("approve", "approved"), ("reject", "closed")])
def test_an_answer_settles_the_case_and_changes_nothing_else(reviewer: Reviewer, decision: str, status: str) -> None:
    case = reviewer.case(to_authorize)
    done = reviewer.answer(case, decision)
    assert done.status == status
    assert kept(done) == kept(case)
    assert sorted(reviewer.events(case)) == sorted(["worked", decision])


def test_the_same_key_twice_counts_once_whatever_it_says_the_second_time(reviewer: Reviewer, home: Path) -> None:
    case = reviewer.case()
    first = reviewer.answer(case, "approve")
    rows = rows_of(home)
    assert reviewer.answer(case, "approve") == first
    assert reviewer.answer(case, "reject") == first
    assert differing(rows_of(home), rows) == {}


def test_a_settled_case_waits_for_nobody(reviewer: Reviewer, home: Path) -> None:
    case = reviewer.case()
    reviewer.answer(case, "approve")
    rows = rows_of(home)
    with pytest.raises(NotWaiting, match="approved"):
        reviewer.answer(case, "reject", key="k2")
    assert differing(rows_of(home), rows) == {}


def test_a_case_released_without_a_person_waits_for_nobody(reviewer: Reviewer) -> None:
    released = next(r for r in reviewer.office.records_of(reviewer.practice_id) if r.status == "worked")
    with pytest.raises(NotWaiting, match="worked"):
        reviewer.answer(released, "approve")


def test_an_unknown_denial_is_said_to_be_unknown(reviewer: Reviewer) -> None:
    case = reviewer.case().model_copy(update={"denial_id": "den_none"})
    with pytest.raises(UnknownDenial, match="den_none"):
        reviewer.answer(case, "approve")


def test_a_settled_case_stays_settled_when_the_practice_is_worked_again(reviewer: Reviewer) -> None:
    done = reviewer.answer(reviewer.case(), "reject")
    reviewer.office.work(reviewer.practice_id)
    assert reviewer.office.record(reviewer.practice_id, done.denial_id) == done


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "changes something"),
        ({"amount_at_stake": "1.00"}, "amount_at_stake cannot be edited"),
        ({"remedy": "pray"}, "'pray' is no remedy"),
        ({"remedy": None}, "None is no remedy"),
        ({"then": "first_appeal"}, "'first_appeal' is no remedy"),
        ({"root_cause": "gremlins"}, "not in the catalogue"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_and_nothing_is_stored(
    reviewer: Reviewer, home: Path, changes: dict[str, Any], says: str
) -> None:
    case = reviewer.case()
    rows = rows_of(home)
    with pytest.raises(BadChange, match=says):
        reviewer.answer(case, "edit", **changes)
    assert differing(rows_of(home), rows) == {}
    assert reviewer.answer(case, "approve").status == "approved"


def test_files_that_an_edit_makes_obsolete_are_taken_off_the_disk(reviewer: Reviewer, home: Path) -> None:
    case = reviewer.case(lambda r: to_authorize(r) and r.products.authorization_request is not None)
    note = next((home / "products").glob(f"*/{case.denial_id}")) / "note of the biller.txt"
    note.write_text("call on Monday")
    edited = reviewer.answer(case, "edit", remedy="reconsideration", then=None)
    made = {Path(product.path).name for _, product in edited.products if product is not None}
    assert {path.name for path in note.parent.iterdir()} == made | {note.name}


def test_an_edit_makes_the_product_anew_and_comes_back_for_approval(reviewer: Reviewer) -> None:
    case = reviewer.case(lambda r: to_authorize(r) and r.products.letter is not None)
    edited = reviewer.answer(case, "edit", remedy="reconsideration", then=None, note="the plan wants a letter")
    assert (edited.remedy, edited.then, edited.status, edited.route) == ("reconsideration", None, "in_review", "review")
    assert ("edited", "the plan wants a letter") in [(r.code, r.says) for r in edited.review_reasons]
    assert edited.products.authorization_request is None
    assert (reviewer.file(edited, "letter") or b"").startswith(b"%PDF")
    done = reviewer.answer(case, "approve", key="k2")
    assert (done.status, done.remedy) == ("approved", "reconsideration")
    assert sorted(reviewer.events(case)) == ["approve", "edit", "worked"]


def test_an_edited_remedy_has_its_own_clock(reviewer: Reviewer) -> None:
    case = reviewer.case(lambda r: r.remedy == "authorization_fix" and r.remit.payer_id == "CASC1")
    edited = reviewer.answer(case, "edit", remedy="corrected_claim", then=None)
    assert edited.deadlines[0].action == "corrected_claim"


def test_an_edited_cause_names_its_category(reviewer: Reviewer) -> None:
    case = reviewer.case(lambda r: r.root_cause == "auth-never-obtained")
    edited = reviewer.answer(case, "edit", root_cause="step-therapy-not-met")
    assert (edited.root_cause, edited.category) == ("step-therapy-not-met", "step_therapy")


def test_an_edit_whose_claim_cannot_be_made_keeps_no_older_product_and_says_what_is_lacking(
    reviewer: Reviewer,
) -> None:
    case = reviewer.case(to_authorize)
    edited = reviewer.answer(case, "edit", remedy="corrected_claim", then=None)
    assert set(edited.products.model_dump().values()) == {None}
    assert reviewer.file(case, "packet") is None
    assert "product-incomplete" in {reason.code for reason in edited.review_reasons}
    assert edited.status == "in_review"


def test_an_edit_to_a_letter_that_the_evidence_does_not_carry_says_so(reviewer: Reviewer) -> None:
    case = reviewer.case(lambda r: r.root_cause == "auth-never-obtained")
    edited = reviewer.answer(case, "edit", remedy="appeal", then=None, root_cause="auth-units-mismatch")
    assert edited.status == "in_review"
    assert edited.products.letter is None
    assert {reason.code for reason in edited.review_reasons} & {"product-incomplete", "letter-unverified"}


def test_an_edit_to_a_write_off_leaves_a_memo_for_the_file_and_nothing_to_send(reviewer: Reviewer) -> None:
    case = reviewer.case(to_authorize)
    edited = reviewer.answer(case, "edit", remedy="write_off", then=None)
    kept = {name for name, file in edited.products.model_dump().items() if file is not None}
    assert kept == {"closing_memo"}
    assert [reason.code for reason in edited.review_reasons] == ["edited"]
    assert reviewer.answer(case, "approve", key="k2", role="manager").status == "approved"


def test_edits_may_follow_each_other(reviewer: Reviewer) -> None:
    case = reviewer.case(to_authorize)
    reviewer.answer(case, "edit", remedy="write_off", then=None)
    back = reviewer.answer(case, "edit", key="k2", remedy=case.remedy, then=case.then)
    assert back.products == case.products
    assert reviewer.answer(case, "reject", key="k3").status == "closed"
    assert sorted(reviewer.events(case)) == ["edit", "edit", "reject", "worked"]
