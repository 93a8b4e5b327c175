"""Clocks by the payer's settings, the one that runs out first in front."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.practice import AppealLevel, Payer
from tools.timeliness import Events, deadlines, filed_in_time, open_questions

REMIT = date(2026, 3, 30)
SERVICE = date(2026, 3, 16)
AS_OF = date(2026, 5, 1)
EVENTS = Events(remit_date=REMIT, service_date=SERVICE)

RECONSIDERATION = AppealLevel(level="reconsideration", days=180)
APPEAL = AppealLevel(level="appeal", days=60, start="decision_date")
REDETERMINATION = AppealLevel(level="redetermination", days=120)
QIC = AppealLevel(level="reconsideration", days=180, start="decision_date")


def payer(**settings: Any) -> Payer:
    base: dict[str, Any] = {
        "id": "CASC1",
        "name": "Cascade Health Plan",
        "appeals": (RECONSIDERATION, APPEAL),
        "corrected_claim_days": 180,
        "timely_filing_days": 90,
        "retro_authorization_days": 10,
        "peer_to_peer_days": 14,
    }
    return Payer(**{**base, **settings})


def medicare(**settings: Any) -> Payer:
    return Payer(
        id="MEDB",
        name="Medicare Part B",
        line_of_business="medicare_ffs",
        appeals=(REDETERMINATION, QIC),
        timely_filing_days=365,
        **settings,
    )


def listed(*args: Any, **options: Any) -> list[tuple[str, str]]:
    return [(d.action, d.date.isoformat()) for d in deadlines(*args, **options)]


def test_a_retro_authorization_and_the_reconsideration_after_it_both_run_and_the_earlier_leads() -> None:
    found = deadlines(payer(), EVENTS, AS_OF, "authorization_fix", "reconsideration")
    assert [(d.action, d.date, d.expired) for d in found] == [
        ("authorization_fix", date(2026, 3, 26), True),
        ("reconsideration", date(2026, 9, 26), False),
    ]
    assert found[0].says == "authorization fix by 2026-03-26: ran out 36 days before 2026-05-01"
    assert found[1].rule == "payers.yaml CASC1 appeals[0] reconsideration: 180 days from remit_date 2026-03-30"
    assert found[1].days_left == 148


def test_a_long_retro_window_does_not_lead_over_a_shorter_appeal() -> None:
    slow = payer(retro_authorization_days=365, appeals=(AppealLevel(level="reconsideration", days=30),))
    found = listed(slow, EVENTS, AS_OF, "authorization_fix", "reconsideration")
    assert found == [("reconsideration", "2026-04-29"), ("authorization_fix", "2027-03-16")]


def test_a_corrected_claim_leads_and_the_appeal_clock_that_it_does_not_stop_follows() -> None:
    early_appeal = payer(appeals=(AppealLevel(level="reconsideration", days=60),))
    found = listed(early_appeal, EVENTS, AS_OF, "corrected_claim")
    assert found == [("corrected_claim", "2026-09-26"), ("reconsideration", "2026-05-29")]


def test_a_new_claim_is_bounded_by_timely_filing_from_the_service() -> None:
    assert listed(payer(), EVENTS, AS_OF, "new_claim")[0] == ("new_claim", "2026-06-14")


def test_a_medicare_redetermination_is_an_appeal_and_no_receipt_days_are_added() -> None:
    found = deadlines(medicare(), Events(remit_date=date(2026, 3, 2), service_date=SERVICE), AS_OF, "appeal")
    assert [(d.action, d.date) for d in found] == [("appeal", date(2026, 6, 30))]
    assert found[0].rule == "payers.yaml MEDB appeals[0] redetermination: 120 days from remit_date 2026-03-02"


def test_a_reopening_runs_for_the_payers_correction_window_and_is_a_question_without_one() -> None:
    reopens = medicare().model_copy(update={"corrected_claim_days": 365})
    assert listed(reopens, EVENTS, AS_OF, "reopening") == [("reopening", "2027-03-30"), ("appeal", "2026-07-28")]
    silent = medicare().model_copy(update={"corrected_claim_days": None})
    assert listed(silent, EVENTS, AS_OF, "reopening") == [("appeal", "2026-07-28")]
    assert open_questions(silent, EVENTS, "reopening") == ("payer MEDB: corrected_claim_days is not set",)


def test_a_second_level_runs_from_its_decision() -> None:
    decided = Events(remit_date=REMIT, service_date=SERVICE, decision_date=date(2026, 4, 20))
    found = listed(payer(), decided, AS_OF, "appeal")
    assert found[0] == ("appeal", "2026-06-19")


def test_before_a_decision_the_level_that_comes_first_is_the_one_that_runs() -> None:
    assert listed(payer(), EVENTS, AS_OF, "appeal") == [("reconsideration", "2026-09-26")]
    assert open_questions(payer(), EVENTS, "appeal") == (
        "payer CASC1: appeals[1] appeal runs from decision_date, which is not known",
    )


def test_a_level_that_must_come_first_may_bind_before_the_remedy_it_leads_to() -> None:
    slow = payer(retro_authorization_days=365)
    found = listed(slow, EVENTS, AS_OF, "authorization_fix", "appeal")
    assert found == [("reconsideration", "2026-09-26"), ("authorization_fix", "2027-03-16")]


def test_a_level_already_decided_no_longer_leads() -> None:
    decided = Events(remit_date=REMIT, service_date=SERVICE, decision_date=date(2026, 9, 1))
    found = listed(payer(), decided, AS_OF, "appeal")
    assert found == [("appeal", "2026-10-31"), ("reconsideration", "2026-09-26")]


def test_a_payer_with_one_level_of_another_name_takes_the_remedy_there() -> None:
    one_level = payer(appeals=(AppealLevel(level="provider dispute", days=365),))
    assert listed(one_level, EVENTS, AS_OF, "reconsideration") == [("appeal", "2027-03-30")]
    assert listed(one_level, EVENTS, AS_OF, "payment_dispute") == [("appeal", "2027-03-30")]


@pytest.mark.parametrize(
    ("setting", "remedy", "question"),
    [
        ("corrected_claim_days", "corrected_claim", "payer CASC1: corrected_claim_days is not set"),
        ("timely_filing_days", "new_claim", "payer CASC1: timely_filing_days is not set"),
        ("retro_authorization_days", "authorization_fix", "payer CASC1: retro_authorization_days is not set"),
    ],
)
def test_a_setting_that_is_missing_gives_a_question_and_no_date(setting: str, remedy: Any, question: str) -> None:
    silent = payer(**{setting: None, "appeals": ()})
    assert deadlines(silent, EVENTS, AS_OF, remedy) == ()
    assert open_questions(silent, EVENTS, remedy) == (question,)


def test_a_payer_without_appeal_levels_is_asked_about() -> None:
    assert open_questions(payer(appeals=()), EVENTS, "reconsideration") == ("payer CASC1: appeals is not set",)
    no_days = payer(appeals=(AppealLevel(level="reconsideration"),))
    assert deadlines(no_days, EVENTS, AS_OF, "reconsideration") == ()
    assert open_questions(no_days, EVENTS, "reconsideration") == ("payer CASC1: appeals[0] reconsideration is not set",)


def test_zero_days_of_retro_authorization_is_never() -> None:
    never = payer(retro_authorization_days=0)
    assert listed(never, EVENTS, AS_OF, "authorization_fix") == [("reconsideration", "2026-09-26")]
    assert open_questions(never, EVENTS, "authorization_fix") == (
        "payer CASC1: retro_authorization_days is 0, it never authorizes after the service",
    )


def test_a_clock_without_its_first_day_has_no_date() -> None:
    assert deadlines(payer(appeals=()), Events(remit_date=REMIT), AS_OF, "new_claim") == ()
    assert open_questions(payer(), Events(remit_date=REMIT), "new_claim") == (
        "payer CASC1: timely_filing_days runs from service_date, which is not known",
    )


@pytest.mark.parametrize("days", [-1, 40_000, 10**12])
def test_days_that_are_no_window_are_asked_about(days: int) -> None:
    odd = payer(corrected_claim_days=days, appeals=())
    assert deadlines(odd, EVENTS, AS_OF, "corrected_claim") == ()
    assert open_questions(odd, EVENTS, "corrected_claim") == (
        f"payer CASC1: corrected_claim_days is {days}, which is no number of days",
    )


@pytest.mark.parametrize("remedy", ["close", "write_off", "refund", "bill_patient"])
def test_nothing_runs_where_nothing_is_filed(remedy: Any) -> None:
    assert deadlines(payer(), EVENTS, AS_OF, remedy) == ()


@pytest.mark.parametrize("remedy", ["send_records", "contact_payer", "hold", "bill_other_payer"])
def test_the_appeal_clock_runs_while_something_else_is_done(remedy: Any) -> None:
    assert listed(payer(), EVENTS, AS_OF, remedy) == [("reconsideration", "2026-09-26")]


def test_peer_to_peer_is_listed_when_asked_for() -> None:
    found = listed(payer(), EVENTS, AS_OF, "reconsideration", peer_to_peer=True)
    assert found == [("reconsideration", "2026-09-26"), ("peer_to_peer", "2026-04-13")]


def test_the_last_day_itself_is_not_too_late() -> None:
    found = deadlines(payer(), EVENTS, date(2026, 9, 26), "reconsideration")[0]
    assert (found.days_left, found.expired) == (0, False)
    assert deadlines(payer(), EVENTS, date(2026, 9, 27), "reconsideration")[0].expired


def test_the_day_to_aim_for_is_a_fifth_or_ten_days_before_the_last() -> None:
    assert deadlines(payer(), EVENTS, AS_OF, "reconsideration")[0].safe_by == date(2026, 8, 21)
    short = payer(retro_authorization_days=30)
    assert deadlines(short, EVENTS, AS_OF, "authorization_fix")[0].safe_by == date(2026, 4, 5)


@pytest.mark.parametrize(
    ("start", "days", "last_day"),
    [
        ("2028-02-28", 1, "2028-02-29"),
        ("2026-02-28", 1, "2026-03-01"),
        ("2027-03-01", 365, "2028-02-29"),
        ("2026-12-31", 60, "2027-03-01"),
        ("2026-03-02", 180, "2026-08-29"),  # a Saturday: not shifted
    ],
)
def test_calendar_days_over_leap_days_and_month_ends(start: str, days: int, last_day: str) -> None:
    events = Events(remit_date=date.fromisoformat(start))
    found = deadlines(payer(corrected_claim_days=days), events, AS_OF, "corrected_claim")
    assert found[0].date == date.fromisoformat(last_day)


DAYS = st.integers(0, 800)
DATES = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@given(DATES, DATES, DATES, DAYS, DAYS)
def test_dates_count_back_to_their_start_and_stand_in_order(
    remit: date, service: date, as_of: date, retro: int, appeal: int
) -> None:
    settings = payer(retro_authorization_days=retro, appeals=(AppealLevel(level="reconsideration", days=appeal),))
    events = Events(remit_date=remit, service_date=service)
    found = deadlines(settings, events, as_of, "authorization_fix", "reconsideration")
    starts = {"authorization_fix": (service, retro), "reconsideration": (remit, appeal)}
    assert [d.date for d in found] == sorted(d.date for d in found)
    assert {d.action for d in found} == ({"reconsideration"} if retro == 0 else set(starts))
    for clock in found:
        start, days = starts[clock.action]
        assert (clock.date - start).days == days
        assert clock.expired == (as_of > clock.date) == (clock.days_left < 0)
        assert start <= clock.safe_by <= clock.date
        assert days < 10 or (clock.date - clock.safe_by).days >= 10


@given(DATES, DAYS, st.integers(0, 900))
def test_a_claim_is_late_exactly_from_the_day_after_the_last(service: date, limit: int, taken: int) -> None:
    accepted = service + timedelta(days=taken)
    found = filed_in_time(service, limit, accepted)
    assert found.last_day == service + timedelta(days=limit)
    assert (found.standing == "late") == (taken > limit)
    assert found.days_late == max(0, taken - limit)


def test_filing_without_a_limit_a_service_or_an_acceptance_is_unknown() -> None:
    assert filed_in_time(None, 90, SERVICE).standing == "unknown"
    assert filed_in_time(SERVICE, None, SERVICE).standing == "unknown"
    assert filed_in_time(date(9999, 12, 1), 90, SERVICE).standing == "unknown"
    no_proof = filed_in_time(SERVICE, 90, None)
    assert (no_proof.standing, no_proof.last_day) == ("unknown", date(2026, 6, 14))


def test_a_late_claim_says_by_how_much() -> None:
    found = filed_in_time(SERVICE, 90, date(2026, 6, 20))
    assert found.says == (
        "90 days from the date of service 2026-03-16 end on 2026-06-14; "
        "the payer accepted the claim on 2026-06-20, 6 days late"
    )
