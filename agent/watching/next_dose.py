"""When the next dose is due and how much it will be, each with how it was computed; nothing without a record for it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from agent.watching.treatment import Treatment
from knowledge.codes.hcpcs import Drug
from knowledge.types.chart import Amount, DoseGiven, Order
from knowledge.types.practice import Frozen
from tools.chart.quantity import doses_in
from tools.dosing.calendar import label_calendars, strength_interval
from tools.dosing.interval import EARLY_DAYS, Regimen, planned_days
from tools.dosing.order_calendar import read_calendar
from tools.dosing.ordered import TOLERANCE
from tools.dosing.units import in_measure, in_mg, units_given

PER_BODY = ("mg/m2", "g/m2", "mcg/m2", "mg/kg", "mcg/kg", "auc")
LATE_DAYS = 6
"""How late a dose may be and still be the one its calendar planned: later, and which day of it comes is not sure."""

ORDER_BEFORE_FIRST = 60
"""How many days before its first dose an order may stand for the label's loading doses to follow."""

ORDER_UNUSED = 60
"""Days after which an order that no dose is charted for is no treatment known to be under way."""

_HORIZON = 800
_LEAST_LAPSE = 28
_TIMES = re.compile(
    r"(?:[x×]\s*(?P<x>\d{1,2})(?!\s*(?:[\d.]|mg|m2|kg|g\b|days?|w(?:ee)?ks?|months?|years?))|\bfor\s+(?P<n>\d{1,2})\s*(?:more\s+)?(?:doses|cycles)\b)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?:\b(?:for|up\s+to|to\s+complete)\s+|[x×]\s*)(?P<n>\d{1,2}|one|two)[\s-]*(?P<unit>weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:once|single\s+dose|one\s+dose|one\s+time)\b(?!\s+(?:a\b|every|each|daily|weekly|monthly|per))", re.I
)
_AGAIN = re.compile(r"\b(?:each|every|per|cycles?|repeat\w*)\b", re.IGNORECASE)
_DAYS = {"week": 7, "month": 30, "year": 365}


class NextDose(Frozen):
    """The next dose of one treatment.

    `standing`: planned (on `expected`), overdue (the planned day has passed; not yet a whole interval ago), lapsed
    (longer ago: whether the treatment goes on must be asked), ended (the order's doses or time are used up), unknown
    (`how` says what is missing). `expected` is None where unknown.
    """

    standing: str
    expected: date | None = None
    how: str = ""
    sources: tuple[str, ...] = ()


class NextAmount(Frozen):
    """What the next dose will be in the code's own measure and in billing units; None where it cannot be told."""

    amount: Decimal | None = None
    measure: str = ""
    units: Decimal | None = None
    how: str = ""


def next_dose(treatment: Treatment, as_of: date, drug: Drug | None, diagnoses: Sequence[str]) -> NextDose:
    """Compute the day of the next dose from the order's calendar or interval, else the label's, and the doses given."""
    order, last = treatment.order, treatment.last
    if order is None:
        given_last = f"; last dose {last.day}" if last is not None else ""
        sources = (last.resource,) if last is not None else ()
        return NextDose(standing="unknown", how=f"next date not known: {treatment.rivals}{given_last}", sources=sources)
    if last is None or last.day is None:
        unused = (as_of - (order.ordered_on or as_of)).days > ORDER_UNUSED
        how = f"next date not known: ordered {order.ordered_on}, no dose is charted yet"
        return NextDose(standing="lapsed" if unused else "unknown", how=how, sources=(order.resource,))
    finished = _finished(treatment, order, as_of)
    if finished:
        return NextDose(standing="ended", how=finished, sources=(order.resource,))
    found = _by_order(treatment, order, last.day) or _by_earlier_order(treatment, order, last)
    found = found or _by_label(treatment, drug, last, diagnoses)
    if found is None:
        silent = "" if order.text == "" else f' ("{order.text}")'
        how = f"next date not known: the order of {order.ordered_on}{silent} states no interval; last dose {last.day}"
        lapsed = (as_of - max(last.day, order.ordered_on or last.day)).days > 3 * _LEAST_LAPSE
        return NextDose(standing="lapsed" if lapsed else "unknown", how=how, sources=(order.resource, last.resource))
    day, how = found
    if day is None:
        return NextDose(standing="unknown", how=how, sources=(order.resource, last.resource))
    standing = "planned"
    if day < as_of:
        step = max((day - last.day).days, _LEAST_LAPSE)
        # An order newer than the planned day says that it goes on: the chart lacks doses, or they were put off.
        since = max(day, order.ordered_on or day)
        standing = "overdue" if (as_of - since).days <= step else "lapsed"
        over = (as_of - day).days
        how += f"; that was {over} {'day' if over == 1 else 'days'} before {as_of}, and no later dose is charted"
    return NextDose(standing=standing, expected=day, how=how, sources=(order.resource, last.resource))


def next_amount(treatment: Treatment, drug: Drug | None) -> NextAmount:
    """Compute what the next dose comes to: the fixed dose ordered, else as last given under the same order."""
    order, last = treatment.order, treatment.last
    if order is None or drug is None or drug.unit_qty is None or drug.unit_uom is None:
        return NextAmount(how="the dose in billing units is not known")
    fixed = [mg for dose in doses_in(order.text) if (mg := in_mg(dose))]
    if fixed and max(fixed) > min(fixed) * (1 + TOLERANCE):
        return NextAmount(
            measure=drug.unit_uom, how=f'the order of {order.ordered_on} has several doses ("{order.text}")'
        )
    if order.dose is not None and order.dose.unit not in PER_BODY:
        return _amount(order.dose, drug, f"as ordered {order.ordered_on}")
    if last is not None and last.dose is not None and _falls_under(last, order):
        return _amount(last.dose, drug, f"as last given, {last.day}")
    return NextAmount(measure=drug.unit_uom, how=f"the order of {order.ordered_on} states no fixed dose yet given")


def resumed(treatment: Treatment) -> Treatment:
    """Return the treatment under the order before, where the newest is for one dose, given, and that one still stands.

    So a single dose of another product (a shortage) interrupts a course and does not end it.
    """
    order = treatment.order
    if order is None or not _is_once(order) or not any(_falls_under(d, order) for d in treatment.doses):
        return treatment
    before = [held for held in treatment.orders if held is not order and held.status in ("active", "")]
    return replace(treatment, order=before[-1]) if before and not _is_once(before[-1]) else treatment


def planned_next(regimen: Regimen, given: Sequence[date]) -> date | None:
    """Return the day after the doses given that a calendar plans next; None when the doses do not follow it.

    The course is counted from the earliest dose from which all later ones are as planned (3 days early to 6 late); a
    late dose moves what follows. Loading doses begin with the first dose known, or after a pause longer than a cycle
    and a half.
    """
    days = sorted(set(given))
    for place, first in enumerate(days):
        before = days[place - 1] if place else None
        if regimen.loading and before is not None and (first - before).days <= regimen.cycle_days * 3 // 2:
            continue
        plan = planned_days(regimen, first, first + timedelta(days=_HORIZON))
        rest = days[place:]
        if len(rest) >= len(plan):
            continue
        gaps = [(plan[n] - plan[n - 1], rest[n] - rest[n - 1]) for n in range(1, len(rest))]
        if all(-EARLY_DAYS <= (real - wanted).days <= LATE_DAYS for wanted, real in gaps):
            return rest[-1] + (plan[len(rest)] - plan[len(rest) - 1])
    return None


def _by_order(treatment: Treatment, order: Order, last: date) -> tuple[date | None, str] | None:
    """Read the order that the last dose fell under: its calendar, else its interval."""
    ruling = _ruling(treatment, order, last)
    return _stated(treatment, ruling, last)


def _stated(treatment: Treatment, order: Order, last: date) -> tuple[date | None, str] | None:
    regimen = read_calendar(order.text)
    if regimen is not None:
        days = [dose.day for dose in treatment.doses if dose.day is not None]
        day = planned_next(regimen, days)
        if day is None:
            return (
                None,
                f'next date not known: the doses given do not follow the order of {order.ordered_on} ("{order.text}")',
            )
        return day, f'last given {last}; the order of {order.ordered_on} plans it next by its calendar ("{order.text}")'
    if order.interval_days:
        day = last + timedelta(days=order.interval_days)
        return day, f"last given {last} + {order.interval_days} days (order of {order.ordered_on})"
    return None


def _ruling(treatment: Treatment, order: Order, last: date) -> Order:
    """Return the order that the last dose was given under: how long a dose lasts goes with its own strength."""
    if order.ordered_on is None or order.ordered_on <= last:
        return order
    earlier = [held for held in treatment.orders if held.ordered_on is not None and held.ordered_on <= last]
    return earlier[-1] if earlier else order


def _by_earlier_order(treatment: Treatment, order: Order, last: DoseGiven) -> tuple[date | None, str] | None:
    """Take the interval of the order that this one follows, where this one changes the dose and is silent about it."""
    assert last.day is not None
    if last.day < (order.ordered_on or last.day):
        return _stated(treatment, order, last.day)
    earlier = [held for held in treatment.orders if held is not order]
    if not earlier or (order.replaces and earlier[-1].resource != order.replaces):
        return None
    days = earlier[-1].interval_days
    if not days or read_calendar(earlier[-1].text) is not None:
        return None
    how = f"last given {last.day} + {days} days (order of {earlier[-1].ordered_on}; the newest only changes the dose)"
    return last.day + timedelta(days=days), how


def _by_label(
    treatment: Treatment, drug: Drug | None, last: DoseGiven, diagnoses: Sequence[str]
) -> tuple[date | None, str] | None:
    assert last.day is not None
    if drug is None:
        return None
    days = strength_interval(drug.generic, in_mg(last.dose))
    if days:
        return last.day + timedelta(days=days), f"last given {last.day} + {days} days (the label, for this strength)"
    first = treatment.doses[0].day
    ordered = treatment.orders[0].ordered_on
    newly = (
        first is not None
        and ordered is not None
        and timedelta(0) <= first - ordered <= timedelta(days=ORDER_BEFORE_FIRST)
    )
    plans = [row for row in label_calendars(drug.generic, diagnoses) if not row.loading or newly]
    given = [dose.day for dose in treatment.doses if dose.day is not None]
    found = {day: row for row in plans if (day := planned_next(row.regimen, given)) is not None}
    if len(found) != 1:
        return None
    ((day, row),) = found.items()
    return day, f"last given {last.day}; its usual calendar plans {row.section.split(': ', 1)[-1]}"


def _finished(treatment: Treatment, order: Order, as_of: date) -> str:
    """Say that the doses or the time of the order are used up; "" when not, or not said."""
    under = sorted({dose.day for dose in treatment.doses if dose.day is not None and _falls_under(dose, order)})
    if read_calendar(order.text) is None:
        times = {int(found["x"] or found["n"]) for found in _TIMES.finditer(order.text)} - {0}
        if not times and _is_once(order) and order.interval_days is None:
            times = {1}
        if len(times) == 1 and len(under) >= min(times):
            given = "its one dose is" if times == {1} else f"all its {min(times)} doses are"
            return f'the order of {order.ordered_on} is carried out: {given} given ("{order.text}")'
    span = _SPAN.search(order.text)
    first = treatment.doses[0].day if treatment.doses else None
    if span is not None and first is not None:
        number = {"one": 1, "two": 2}.get(span["n"].lower()) or int(span["n"])
        ends = first + timedelta(days=number * _DAYS[span["unit"].lower().rstrip("s")])
        if ends < as_of:
            return f'the time of the order of {order.ordered_on} is over since {ends} ("{order.text}")'
    return ""


def _is_once(order: Order) -> bool:
    return bool(_ONCE.search(order.text)) and not _AGAIN.search(order.text)


def _falls_under(dose: DoseGiven, order: Order) -> bool:
    if dose.order and dose.order.endswith(order.resource):
        return True
    return dose.day is not None and order.ordered_on is not None and order.ordered_on <= dose.day


def _amount(dose: Amount, drug: Drug, how: str) -> NextAmount:
    measure = drug.unit_uom or ""
    return NextAmount(
        amount=in_measure(dose, measure),
        measure=measure,
        units=units_given(dose, drug.unit_qty, measure),
        how=f"{dose.value.normalize():f} {dose.unit} {how}",
    )
