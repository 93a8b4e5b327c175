"""Calendars: as orders write them, as labels plan them, and a dose held against the doses before it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge.codes import load_codes
from tools.dosing.calendar import in_calendar, label_calendars, strength_interval
from tools.dosing.interval import Regimen
from tools.dosing.order_calendar import read_calendar

FIRST = date(2026, 4, 14)
FULVESTRANT = Regimen(cycle_days=28, loading=(1, 15, 29))


def on(*days: int) -> list[date]:
    return [FIRST + timedelta(days=day - 1) for day in days]


@pytest.mark.parametrize(
    ("text", "loading", "days", "cycle"),
    [
        ("500 mg IM d1, d15, d29, then q28d", (1, 15, 29), (1,), 28),
        ("500 mg IM on days 1, 15 and 29, then every 28 days", (1, 15, 29), (1,), 28),
        ("500 mg IM day 1, day 15, day 29 and monthly thereafter", (1, 15, 29), (1,), 28),
        ("500 mg D1/15/29, followed by every 4 weeks", (1, 15, 29), (1,), 28),
        ("120 mg SC day 1, 8, 15 of month 1, then every 4 weeks", (1, 8, 15), (1,), 28),
        ("500 mg IM q14d x3, then q28d", (1, 15, 29), (1,), 28),
        ("weekly for 4 doses, then every 2 weeks", (1, 8, 15, 22), (1,), 14),
        ("days 1 and 8 of a 21-day cycle", (), (1, 8), 21),
        ("10 mg/kg IV d1,8 q21d", (), (1, 8), 21),
        ("10 mg/kg IV d1, d8 every 3 weeks", (), (1, 8), 21),
        ("1.25 mg/kg IV d1/8/15 q28d", (), (1, 8, 15), 28),
        ("D1, 8 & 15 q4w", (), (1, 8, 15), 28),
        ("75 mg/m2 SC days 1-7 q28d", (), (1, 2, 3, 4, 5, 6, 7), 28),
        ("Days 1 through 5 every 4 weeks", (), (1, 2, 3, 4, 5), 28),
        ("90 mg/m2 d1-2 of each 28-day cycle", (), (1, 2), 28),
        ("1.3 mg/m2 SC d1,4,8,11 q21 days", (), (1, 4, 8, 11), 21),
        ("1000 mg/m2 IV on days 1, 8, and 15 of every 28-day cycle", (), (1, 8, 15), 28),
        ("20 mg/m2 IV days 1 to 5, four-week cycle", (), (1, 2, 3, 4, 5), 28),
    ],
)
def test_an_orders_calendar_is_read(text: str, loading: tuple[int, ...], days: tuple[int, ...], cycle: int) -> None:
    assert read_calendar(text) == Regimen(cycle_days=cycle, days_of_cycle=days, loading=loading)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "200 mg IV q21d x8",
        "400 mg IV every 6 weeks",
        "80 mg/m2 IV weekly x12",
        "1000 mg/m2 = 1600 mg IV d1, d8",  # no cycle said
        "6 mg SC day 2, not before 24 h",
        "loading 840 mg then 420 mg every 3 weeks",
        "60 mg/m2 IV q14d x4 (dose-dense AC)",
        "d1 and d8 every 3 weeks or d1 and d15 every 4 weeks",
        "days 8 and 1 of a 21-day cycle",
        "weekly, then every 2 weeks",  # how many weekly doses is not said
        "120 mg SC every 28 days",
        "for 3 days",
        "240 mg every 2 weeks or 480 mg every 4 weeks",
    ],
)
def test_what_is_no_one_calendar_is_not_read(text: str) -> None:
    assert read_calendar(text) is None


@pytest.mark.parametrize(
    ("earlier", "day", "planned"),
    [
        ((1,), 15, True),
        ((1,), 13, True),  # within the days payers accept
        ((1,), 8, False),
        ((1, 15), 29, True),
        ((1, 15), 22, False),
        ((1, 15, 29), 57, True),
        ((1, 15, 29), 43, False),
        ((1, 17), 31, True),  # a late loading dose moves the next
        ((1, 15, 29, 57), 71, False),
    ],
)
def test_a_dose_is_counted_off_against_its_course(earlier: tuple[int, ...], day: int, *, planned: bool) -> None:
    assert (in_calendar(FULVESTRANT, on(*earlier), on(day)[0]) is not None) is planned


def test_monthly_doses_begin_no_new_loading_until_a_pause() -> None:
    assert in_calendar(FULVESTRANT, on(1, 15, 29, 57, 85), on(99)[0]) is None
    assert in_calendar(FULVESTRANT, on(1, 15, 29, 57, 157), on(171)[0]) == on(157)[0]


def test_cycles_of_several_days() -> None:
    regimen = Regimen(cycle_days=21, days_of_cycle=(1, 8))
    assert in_calendar(regimen, on(1), on(8)[0]) is not None
    assert in_calendar(regimen, on(1, 8), on(22)[0]) is not None
    assert in_calendar(regimen, on(1, 8), on(11)[0]) is None
    daily = Regimen(cycle_days=28, days_of_cycle=(1, 2, 3, 4, 5))
    assert in_calendar(daily, on(1, 2), on(3)[0]) is not None


def test_a_calendar_of_one_disease_needs_its_diagnosis() -> None:
    assert label_calendars("denosumab-bbdz", ("C79.51",)) == ()
    assert [row.loading for row in label_calendars("denosumab", ("D48.0",))] == [(1, 8, 15)]
    assert label_calendars("nivolumab") == ()
    assert [row.drug for row in label_calendars("daratumumab + hyaluronidase-fihj (SC)")] == [
        "daratumumab + hyaluronidase"
    ]


@pytest.mark.parametrize(
    ("drug", "mg", "days"),
    [
        ("denosumab", "60", 180),
        ("denosumab", "120", 28),
        ("goserelin 3.6 mg", "10.8", 84),
        ("pembrolizumab", "400", 42),
    ],
)
def test_a_strength_has_its_interval(drug: str, mg: str, days: int) -> None:
    assert strength_interval(drug, Decimal(mg)) == days
    assert strength_interval(drug, Decimal(1)) is None


def test_every_calendar_is_of_a_drug_in_the_code_table() -> None:
    table = load_codes().hcpcs
    drugs = [table.lookup(code, date(2026, 7, 1)) for code in table.codes]
    names = {drug.generic.lower() for drug in drugs if drug is not None}
    for name in ("fulvestrant", "denosumab", "azacitidine", "carfilzomib", "tarlatamab", "ferumoxytol", "bortezomib"):
        assert any(known.startswith(name) for known in names)
        assert label_calendars(name, ("D480",))
