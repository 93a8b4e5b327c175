"""Each scorer sees what is right and each kind of wrong."""

from pathlib import Path

import pytest
from eval_builders import folder, label, record

from evals.labels import Label
from evals.scorers.cause import score_cause
from evals.scorers.deadline import read_payer_rows, score_deadline
from evals.scorers.documents import Documents
from evals.scorers.links import score_links
from evals.scorers.remedy import score_remedy
from evals.scorers.route import may_go_straight, must_be_reviewed, score_route, should_go_straight
from evals.scorers.standing import score_amount, score_status
from evals.scorers.verdict import Verdict
from knowledge.types.record import DenialRecord


def outcome(verdict: Verdict) -> tuple[bool, bool]:
    return verdict.strict, verdict.lenient


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(folder(tmp_path))


def test_the_labels_cause_is_right_and_another_wrong() -> None:
    assert [outcome(v) for v in score_cause(label(), record())] == [(True, True)] * 2
    wrong = record(root_cause="code-deleted", category="coding")
    assert [outcome(v) for v in score_cause(label(), wrong)] == [(False, False)] * 2


def test_an_accepted_cause_brings_its_own_category() -> None:
    truth = label(also_right={"root_cause": ["code-deleted"]})

    assert [outcome(v) for v in score_cause(truth, record(root_cause="code-deleted", category="coding"))] == [
        (False, True),
        (False, True),
    ]
    category, _ = score_cause(truth, record(category="coding"))
    assert outcome(category) == (False, False)


def test_remedy_and_what_follows_are_judged_apart() -> None:
    truth = label(remedy="authorization_fix", then="reconsideration", also_right={"then": [None]})

    remedy, then = score_remedy(truth, record(remedy="authorization_fix", then=None))

    assert outcome(remedy) == (True, True)
    assert outcome(then) == (False, True)


def test_null_counts_only_where_the_label_allows_it() -> None:
    truth = label(then="reconsideration", also_right={"remedy": ["appeal"]})

    remedy, then = score_remedy(truth, record(remedy="appeal", then=None))

    assert (outcome(remedy), outcome(then)) == ((False, True), (False, False))


def test_a_missed_denial_is_wrong_in_every_field(documents: Documents) -> None:
    verdicts = [
        *score_cause(label(), None),
        *score_remedy(label(), None),
        score_route(label(), None),
        score_deadline(label(), None, {}),
        *score_links(label(), None, documents),
        score_amount(label(), None),
        score_status(label(), None),
    ]

    assert {outcome(verdict) for verdict in verdicts} == {(False, False)}
    assert {verdict.found for verdict in verdicts} == {"no record"}


@pytest.mark.parametrize(
    ("truth", "must", "may", "should"),
    [
        (label(route="review"), True, False, False),
        (label(route="review", also_right={"route": ["straight_through"]}), False, True, False),
        (label(), False, True, True),
        (label(also_right={"route": ["review"]}), False, True, False),
    ],
)
def test_what_a_label_asks_of_the_route(truth: Label, must: bool, may: bool, should: bool) -> None:
    assert (must_be_reviewed(truth), may_go_straight(truth), should_go_straight(truth)) == (must, may, should)


@pytest.mark.parametrize(
    ("truth", "first", "expected"),
    [
        (label(), ("reconsideration", "2026-09-30"), (True, True)),
        (label(), ("reconsideration", "2026-10-01"), (False, False)),
        (label(), ("corrected_claim", "2026-09-30"), (False, False)),
        (label(), None, (False, False)),
        (label(also_right={"binding_deadline": [None]}), None, (False, True)),
        (label(binding_deadline=None), None, (True, True)),
        (label(binding_deadline=None), ("reconsideration", "2026-09-30"), (False, False)),
        # 2026-04-03 and 120 days by the payer's row
        (label(also_right={"binding_deadline": ["corrected_claim"]}), ("corrected_claim", "2026-08-01"), (False, True)),
        (
            label(also_right={"binding_deadline": ["corrected_claim"]}),
            ("corrected_claim", "2026-08-02"),
            (False, False),
        ),
        # the clock of a remedy that is accepted and was chosen
        (label(also_right={"remedy": ["corrected_claim"]}), ("corrected_claim", "2026-08-01"), (False, True)),
    ],
)
def test_binding_deadline(
    truth: Label, first: tuple[str, str] | None, expected: tuple[bool, bool], documents: Documents
) -> None:
    deadlines = [{"action": first[0], "date": first[1], "rule": "a rule"}] if first else []
    chosen = record(deadlines=deadlines, remedy="corrected_claim")

    assert outcome(score_deadline(truth, chosen, read_payer_rows(documents.folder))) == expected


def test_links_are_right_as_labelled_and_wrong_otherwise(documents: Documents) -> None:
    def judged(answer: DenialRecord) -> dict[str, tuple[bool, bool]]:
        return {verdict.field: outcome(verdict) for verdict in score_links(label(), answer, documents)}

    assert set(judged(record()).values()) == {(True, True)}
    assert judged(record(links__auth_number=None))["auth_number"] == (False, False)
    assert judged(record(links__policy_id={"value": "POL-1", "rule": "r"}))["policy_id"] == (False, False)
    assert judged(record(links__claim_line={"value": "2", "rule": "r"}))["claim_line"] == (False, False)
    assert judged(record(links__claim_file={"value": "claims/none.837", "rule": "r"}))["claim_line"] == (False, False)


def test_a_claim_that_lies_in_the_folder_and_is_not_linked_is_a_fault(documents: Documents) -> None:
    unlinked = record(links__claim_file=None, links__claim_line=None)
    *_, claim_line = score_links(label(), unlinked, documents)
    assert outcome(claim_line) == (False, False)

    *_, claim_line = score_links(
        label(), unlinked.model_copy(update={"remit": record(remit__claim_id="C-9").remit}), documents
    )
    assert outcome(claim_line) == (True, True)


def test_without_line_control_the_claim_line_is_found_by_code_and_date(documents: Documents) -> None:
    *_, claim_line = score_links(label(), record(line__line_control=None), documents)

    assert outcome(claim_line) == (True, True)


def test_amounts_are_compared_as_amounts() -> None:
    assert outcome(score_amount(label(), record(amount_at_stake="400"))) == (True, True)
    assert outcome(score_amount(label(), record(amount_at_stake="400.01"))) == (False, False)


@pytest.mark.parametrize(
    ("status", "found", "expected"),
    [
        ("new", "worked", True),
        ("new", "in_review", True),
        ("new", "new", True),
        ("new", "won", False),
        ("won", "won", True),
        ("won", "worked", False),
    ],
)
def test_new_means_not_yet_decided(status: str, found: str, expected: bool) -> None:
    assert score_status(label(status=status), record(status=found)).strict is expected
