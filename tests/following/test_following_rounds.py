"""What was sent and what the payer decided on it: rounds, levels, contradictions."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from denial_builders import DIRECTORY, RULES, clp, remit, svc

from agent.following.dealings import Dealings
from agent.following.statuses import statuses_about
from knowledge.records import Approval, ApprovedFile, OutcomeEntry, Outgoing
from knowledge.types.claim_status import ClaimStatus, StatusCode
from knowledge.types.outcomes import Round
from knowledge.types.practice import AppealLevel, Payer
from knowledge.types.reading import Place
from tools.denials.delivery import Delivery
from tools.denials.finding import Trail, find_all

PAYER = Payer(
    id="CASC1",
    name="Cascade Health Plan",
    appeals=(
        AppealLevel(level="reconsideration", days=180, start="remit_date", decision_days=45),
        AppealLevel(level="appeal", days=60, start="decision_date", decision_days=60),
    ),
)
APRIL, MAY, JUNE, JULY = (date(2026, month, 1) for month in (4, 5, 6, 7))


def trail(*more: Delivery) -> Trail:
    first = remit(clp(svc(adjustments="CO-197 1000")), day=APRIL, trace="EFT4")
    (only,) = find_all((first, *more), RULES, DIRECTORY).trails
    return only


def sent(on: date, approval: Approval) -> Outgoing:
    moment = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return Outgoing(
        key=f"snd_{on}",
        practice_id="p",
        denial_id="d",
        approval_sha256=approval.sha256,
        channel="print",
        target="queue",
        kind="packet",
        file_name="packet.pdf",
        media_type="application/pdf",
        file_sha256="f",
        handed_sha256="h",
        state="handed_over",
        queued_at=moment,
        handed_over_at=moment,
    )


def approval(name: str, remedy: str = "reconsideration") -> Approval:
    letter = ApprovedFile(kind="letter", path="letter.pdf", sha256=f"letter-{name}", media_type="application/pdf")
    moment = datetime(2026, 4, 2, tzinfo=UTC)
    return Approval(
        sha256=name,
        key=name,
        remedy=remedy,
        by="Pat",
        role=None,
        signed_by=None,
        at=moment,
        case_print="c",
        files=(letter,),
    )


def entry(result: Any, on: date, key: str = "k", **more: Any) -> OutcomeEntry:
    return OutcomeEntry(key=key, result=result, decided_on=on, by="Pat", at=datetime(2026, 7, 9, tzinfo=UTC), **more)


def rounds(
    *entries: OutcomeEntry,
    sends: tuple[tuple[date, Approval], ...] = (),
    at: Trail | None = None,
    told: tuple[tuple[ClaimStatus, StatusCode], ...] = (),
) -> tuple[Round, ...]:
    dealings = Dealings(
        {"d": tuple(sent(on, approved) for on, approved in sends)},
        {"d": tuple(approved for _, approved in sends)},
        {"d": entries},
    )
    return dealings.rounds("d", PAYER, at or trail(), told)


def test_what_is_sent_is_out_and_due_by_the_payers_own_days() -> None:
    (only,) = rounds(sends=((MAY, approval("a")),))
    assert (only.level, only.level_index, only.sent_on) == ("reconsideration", 0, MAY)
    assert only.answer_due == date(2026, 6, 15)
    assert only.decision is None
    assert only.letter_sha256 == "letter-a"


def test_a_decision_ends_the_round_and_the_next_send_is_the_next_level() -> None:
    first, second = rounds(
        entry("upheld", JUNE, reason="Not authorized."),
        sends=((MAY, approval("a")), (date(2026, 6, 20), approval("b", "appeal"))),
    )
    assert first.decision is not None
    assert (first.decision.result, first.decision.says) == ("upheld", "Not authorized.")
    assert (second.level, second.level_index, second.decision) == ("appeal", 1, None)


def test_a_withdrawn_entry_counts_no_more() -> None:
    gone = entry("upheld", JUNE).model_copy(update={"withdrawn_at": datetime(2026, 7, 10, tzinfo=UTC)})
    (only,) = rounds(gone, sends=((MAY, approval("a")),))
    assert only.decision is None


def test_entries_that_contradict_each_other_decide_nothing() -> None:
    (only,) = rounds(entry("upheld", JUNE, "k1"), entry("overturned", JULY, "k2"), sends=((MAY, approval("a")),))
    assert only.decision is None
    assert "contradict" in only.conflict[0]


def test_the_same_decision_told_twice_counts_from_its_first_day() -> None:
    (only,) = rounds(entry("upheld", JUNE, "k1"), entry("upheld", JULY, "k2"), sends=((MAY, approval("a")),))
    assert only.decision is not None
    assert only.decision.on == JUNE


def test_a_remit_that_denies_it_again_after_the_send_is_the_decision() -> None:
    again = remit(clp(svc(adjustments="CO-197 1000")), day=JUNE, trace="EFT6", file="remits/june.835")
    (only,) = rounds(sends=((MAY, approval("a")),), at=trail(again))
    assert only.decision is not None
    assert (only.decision.result, only.decision.on, only.decision.codes) == ("upheld", JUNE, ("CO-197",))
    assert only.decision.source.startswith("remits/june.835, segment ")


def test_a_remit_that_pays_outweighs_an_earlier_entry() -> None:
    paid = remit(clp(svc(paid=1000), number="ICN2"), day=JULY, trace="EFT7", file="remits/july.835")
    (only,) = rounds(entry("upheld", JUNE), sends=((MAY, approval("a")),), at=trail(paid))
    assert only.decision is not None
    assert (only.decision.result, only.conflict) == ("overturned", ())


def test_a_decision_on_what_went_by_hand_opens_a_round_of_its_own() -> None:
    (only,) = rounds(entry("upheld", JUNE))
    assert (only.sent_on, only.level, only.level_index) == (None, "reconsideration", 0)


def test_a_peer_to_peer_call_uses_up_no_level() -> None:
    first, second = rounds(entry("upheld", JUNE, level="peer-to-peer"), sends=((MAY, approval("a")),))
    assert (first.remedy, first.level_index) == ("reconsideration", 0)
    assert (second.remedy, second.level_index) == ("peer_to_peer", None)
    assert first.decision is None


def status(category: str, decided: date | None, **more: Any) -> ClaimStatus:
    code = StatusCode(category, "585", on=JULY, decided_on=decided, charge=Decimal(1000))
    given = {"claim_id": "C1", "payer_claim_number": "ICN1", "source_id": "CASC1", **more}
    return ClaimStatus(place=Place(9, 0), file="acks/s.277", trace="T", statuses=(code,), **given)


def test_a_denial_finalized_after_the_send_is_a_decision_by_status() -> None:
    told = tuple(statuses_about(trail(), [status("F2", JUNE)], DIRECTORY))
    (only,) = rounds(sends=((MAY, approval("a")),), told=told)
    assert only.decision is not None
    assert (only.decision.result, only.decision.source) == ("upheld", "acks/s.277, segment 9")


@pytest.mark.parametrize(
    ("category", "decided"), [("F2", None), ("F2", APRIL), ("P1", JUNE), ("F1", JUNE), ("D0", JUNE)]
)
def test_any_other_status_decides_nothing(category: str, decided: date | None) -> None:
    told = tuple(statuses_about(trail(), [status(category, decided)], DIRECTORY))
    assert told
    (only,) = rounds(sends=((MAY, approval("a")),), told=told)
    assert only.decision is None


@pytest.mark.parametrize(
    "stranger",
    [{"source_id": "MEDB"}, {"claim_id": "C9", "payer_claim_number": ""}, {"payer_claim_number": "ICN777"}],
)
def test_a_status_of_another_claim_or_payer_is_not_this_ones(stranger: dict[str, str]) -> None:
    assert list(statuses_about(trail(), [status("F2", JUNE, **stranger)], DIRECTORY)) == []
