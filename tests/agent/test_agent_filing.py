"""A claim called late: what the payer took, what only a clearinghouse took, and what was sent back or sent late."""

from datetime import date, timedelta

import pytest
from agent_builders import SERVED, accepted, asked, case, claim, diagnosed

from agent.diagnosis.case import Case
from knowledge.types.acknowledgement import ClaimAcknowledgement

LIMIT = SERVED + timedelta(days=90)
EARLY, LATE = SERVED + timedelta(days=6), LIMIT + timedelta(days=3)


def late(*answers: ClaimAcknowledgement, sent_on: date = EARLY) -> Case:
    return case("CO-29", sent=claim(submitted_on=sent_on), acknowledgements=answers)


def house(on: date, category: str = "A1") -> ClaimAcknowledgement:
    return accepted(on, category, "AY")


def test_a_claim_a_clearinghouse_took_in_time_is_asked_after_before_it_is_given_up() -> None:
    found = diagnosed(late(house(EARLY)))
    assert (found.root_cause, found.remedy) == ("filed-late", "contact_payer")


@pytest.mark.parametrize(
    ("answers", "sent_on"),
    [
        ((house(EARLY),), LATE),  # the claim at hand is a later one
        ((house(EARLY), accepted(EARLY, "A3")), EARLY),  # the payer sent it back
        ((house(EARLY, "A3"),), EARLY),  # the clearinghouse sent it back
        ((house(LATE),), EARLY),
        ((), EARLY),
        ((house(EARLY), accepted(LATE)), EARLY),  # the payer took it, late
    ],
)
def test_what_was_sent_back_or_sent_late_is_given_up_by_a_person(
    answers: tuple[ClaimAcknowledgement, ...], sent_on: date
) -> None:
    found = diagnosed(late(*answers, sent_on=sent_on))
    assert (found.root_cause, found.remedy) == ("filed-late", "write_off")


def test_the_payers_own_acceptance_in_time_is_proof() -> None:
    assert diagnosed(late(house(EARLY), accepted(EARLY))).root_cause == "filed-in-time-proof-exists"


def test_a_clearinghouse_is_no_payer() -> None:
    assert asked(late(house(EARLY, "A2"))).truth("accepted-within-filing-limit") == "refuted"
