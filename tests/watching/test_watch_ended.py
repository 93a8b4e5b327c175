"""A treatment that has ended is listed as such and warned of no more."""

from datetime import date

import pytest
from watch_builders import AS_OF, CODES, auth, chart, coverage, dose, kinds, note, only_treatment, order, watched

from agent.watching.ended import facts_of

LAST = date(2026, 4, 14)
BAD = (auth(end_date=date(2026, 4, 20)),)
"""An authorization that any treatment still under way is warned of."""


def _standing(order_: dict[str, object], *notes: object, **more: object) -> str:
    found = watched(chart(order(date(2026, 3, 1), **{"days": 21, **order_}), dose(LAST), *notes), auths=BAD, **more)  # type: ignore[arg-type]
    row = only_treatment(found)
    assert bool(found.warnings) == (row.standing != "ended")
    return row.standing


def test_one_under_way_is_warned_of() -> None:
    assert _standing({}) == "planned"


@pytest.mark.parametrize("status", ["stopped", "completed", "on-hold"])
def test_an_order_that_no_longer_stands_ends_it(status: str) -> None:
    assert _standing({"status": status}) == "ended"


def test_a_newer_order_that_was_stopped_ends_it_though_an_older_one_was_left_active() -> None:
    older = order(date(2026, 1, 1), days=21)
    newer = order(date(2026, 3, 1), days=21, status="stopped")
    assert only_treatment(watched(chart(older, newer, dose(LAST)), auths=BAD)).standing == "ended"


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "draft"])
def test_what_was_never_an_order_neither_begins_nor_ends_one(status: str) -> None:
    never = order(date(2026, 4, 1), days=21, status=status)
    assert watched(chart(never)).treatments == ()
    assert only_treatment(watched(chart(order(date(2026, 3, 1), days=21), never, dose(LAST)))).standing == "planned"


def test_hospice_in_a_note_ends_it_and_leaving_hospice_takes_that_back() -> None:
    elected = note(date(2026, 4, 20), "Ada Voss elected hospice on 04/20/2026.")
    left = note(date(2026, 4, 28), "She left hospice on 04/27 because she wants treatment again.")
    assert _standing({}, elected) == "ended"
    assert _standing({}, elected, left) == "planned"


def test_hospice_coverage_ends_it_while_it_lasts() -> None:
    hospice = coverage("HOSP", plan_type="hospice", start_date=date(2026, 4, 20))
    assert _standing({}, coverages=(coverage(), hospice)) == "ended"
    over = hospice.model_copy(update={"end_date": date(2026, 4, 30)})
    assert _standing({}, coverages=(coverage(), over)) == "planned"
    last_day = hospice.model_copy(update={"end_date": AS_OF})
    assert _standing({}, coverages=(coverage(), last_day)) == "ended"


def test_a_note_after_the_last_dose_that_it_was_stopped_ends_it() -> None:
    assert _standing({}, note(date(2026, 4, 20), "Pembrolizumab stopped for colitis.")) == "ended"


def test_a_note_before_the_last_dose_does_not_end_it() -> None:
    assert _standing({}, note(date(2026, 4, 1), "Pembrolizumab stopped for colitis.")) == "planned"


def test_an_order_after_the_note_takes_it_up_again() -> None:
    stopped = note(date(2026, 4, 16), "Pembrolizumab stopped for colitis.")
    again = order(date(2026, 4, 25), days=21)
    assert only_treatment(watched(chart(again, dose(LAST), stopped))).standing == "planned"


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("200 mg IV every 3 weeks x 1", "ended"),
        ("200 mg IV every 3 weeks x 2", "planned"),
        ("200 mg IV every 3 weeks for 4 cycles", "planned"),
        ("200 mg IV once", "ended"),
        ("200 mg IV once per cycle", "planned"),
        ("2 mg/kg x 100 kg = 200 mg IV every 3 weeks", "planned"),
        ("200 mg IV every 3 weeks for 2 weeks", "ended"),
        ("200 mg IV every 3 weeks, up to 12 months", "planned"),
    ],
)
def test_an_order_for_so_many_doses_or_so_long_ends_with_them(text: str, standing: str) -> None:
    days = None if text.endswith("once") else 21
    assert _standing({"text": text, "days": days}) == standing


def test_a_single_dose_of_another_product_interrupts_a_course_and_does_not_end_it() -> None:
    course = order(date(2026, 1, 5), "300 mg IV every 2 weeks", 14, 300, hcpcs="Q5107", drug="bevacizumab-awwb")
    single = order(date(2026, 4, 10), "300 mg IV once, on back order", None, 300, hcpcs="J9035", drug="bevacizumab")
    given = dose(date(2026, 4, 24), 300, hcpcs="J9035", drug="bevacizumab")
    row = only_treatment(watched(chart(course, single, given)))
    assert (row.standing, row.hcpcs, row.expected) == ("planned", "Q5107", date(2026, 5, 8))


def test_a_response_does_not_end_it_and_neither_does_a_note_of_the_day_of_the_dose() -> None:
    told = note(date(2026, 4, 20), "Maintenance after neoadjuvant pembrolizumab and lumpectomy (pCR).")
    facts = facts_of(chart(told), CODES.hcpcs, AS_OF)
    assert [fact.values["outcome"] for fact in facts if fact.topic == "treatment"] == ["response"]
    assert _standing({}, told) == "planned"
    assert _standing({}, note(LAST, "Pembrolizumab stopped for colitis.")) == "planned"


def test_an_order_without_a_dose_for_more_than_sixty_days_has_lapsed() -> None:
    assert only_treatment(watched(chart(order(date(2026, 3, 2), days=21)))).standing == "unknown"
    found = watched(chart(order(date(2026, 3, 1), days=21)), auths=BAD)
    assert (only_treatment(found).standing, found.warnings) == ("lapsed", ())


def test_orders_and_doses_after_the_day_asked_do_not_count() -> None:
    later = chart(order(date(2026, 5, 2), days=21), dose(date(2026, 5, 3)))
    assert watched(later).treatments == ()
    assert kinds(watched(later, auths=BAD)) == []
