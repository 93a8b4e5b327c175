"""Facts about days between doses: the last dose, the shortest usual interval, and the calendar a dose belongs to."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.given import drug_of, is_drug, order_in_force, orders_by
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact
from tools.dosing.calendar import in_calendar, label_calendars, strength_interval
from tools.dosing.interval import EARLY_DAYS, Regimen, check_interval
from tools.dosing.order_calendar import read_calendar
from tools.dosing.units import in_mg

ORDER_BEFORE_FIRST = 60
"""How many days before its first dose an order with a loading schedule may stand to be the order of that course."""

TOO_OFTEN = frozenset({"119", "151", "222", "261", "273"})
"""Reason codes that can say "too often" (facts 1.4); only a remark about frequency says that they do."""

LONGEST_PERIOD = 28
"""Days in which a payer's remark about frequency counts doses, as a rule (facts 2, N118)."""

_COUNTS_UNITS_TOO = frozenset({"N640", "N435"})
"""Remarks that may as well mean the units of one day."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A dose before: its day, and the chart resource or remit line it stands in."""

    day: date
    resource: str = ""
    milligrams: Decimal | None = None


def _earlier(q: Inquiry) -> list[_Earlier]:
    """List doses of the drug before the day of service, charted or billed to the payer on any claim, by day."""
    served = q.service_date
    if served is None:
        return []
    charted = [
        _Earlier(dose.day, dose.resource, in_mg(dose.dose))
        for dose in (q.case.chart.doses if q.case.chart else ())
        if dose.day is not None
        and dose.day < served
        and dose.status in ("completed", "")
        and is_drug(q, dose.hcpcs, dose.drug)
    ]
    seen = {dose.day for dose in charted}
    paid = [
        _Earlier(line.service_date)
        for line in q.case.history
        if line.service_date is not None
        and line.service_date < served
        and line.service_date not in seen
        and is_drug(q, line.hcpcs, "")
    ]
    return sorted((*charted, *paid), key=lambda dose: dose.day)


@check
def dose_interval_too_short(q: Inquiry) -> Fact:
    """Whether the last dose lies nearer than the shortest usual interval, and no calendar explains it (facts 4.7)."""
    served, drug = q.service_date, drug_of(q)
    if served is None or drug is None:
        return unknown("No usual interval of the drug is known", missing=("the label's interval",))
    earlier, order = _earlier(q), order_in_force(q)
    last = earlier[-1] if earlier else None
    by_strength = strength_interval(drug.generic, last.milligrams) if last else None
    usual = by_strength or min((int(value) for value in drug.intervals_days), default=None)
    if usual is None:
        return unknown("No usual interval of the drug is known", missing=("the label's interval",))
    expected = min(usual, order.interval_days) if order and order.interval_days else usual
    judged = check_interval(last.day if last else None, served, expected)
    if judged.standing in ("first_dose", "unknown") or last is None:
        return unknown(judged.says, missing=("the date of the last dose",))
    evidence = [sources.claim_line(q), sources.calculation(q, "interval", judged.says)]
    if last.resource:
        evidence.append(sources.chart(q, last.resource, f"{q.hcpcs} was given on {day(last.day)}"))
    values = {
        "hcpcs": q.hcpcs,
        "service_date": day(served),
        "last_dose": day(last.day),
        "days_since": str(judged.days),
        "expected_days": str(expected),
    }
    if judged.standing == "early":
        planned = q.fact("dose-in-its-calendar")
        if planned.truth == "confirmed":
            return no(planned.says, *evidence, *planned.evidence, **{**values, **planned.values})
        return yes(judged.says, *evidence, **values)
    return no(f"{judged.says}: not early (tolerance {EARLY_DAYS} days)", *evidence, **values)


@check
def dose_in_its_calendar(q: Inquiry) -> Fact:
    """Whether order or label plan a dose on that day, counted from the doses before it (facts 4.7)."""
    served, drug = q.service_date, drug_of(q)
    earlier = _earlier(q)
    if served is None or drug is None or not earlier:
        return unknown("No earlier dose is known", missing=("the date of the last dose",))
    days = [dose.day for dose in earlier]
    known = _calendars(q, drug.generic, days)
    for regimen, says, kept in known:
        first = in_calendar(regimen, days, served)
        if first is not None:
            number = (served - first).days + 1
            words = f"{says}; {day(served)} is day {number} of the course begun {day(first)}"
            values = {"calendar_words": words, "hcpcs": q.hcpcs, "service_date": day(served)}
            return yes(words, sources.claim_line(q), *kept, **values)
    if known:
        return no(f"{known[0][1]}; {day(served)} is no day of it")
    return unknown("No calendar of the drug is known", missing=("the order's days",))


def _calendars(q: Inquiry, drug: str, days: list[date]) -> list[tuple[Regimen, str, tuple[str, ...]]]:
    found: list[tuple[Regimen, str, tuple[str, ...]]] = []
    for order in orders_by(q):
        regimen = read_calendar(order.text)
        if regimen is not None:
            says = f"the order of {day(order.ordered_on)} is {order.text}"
            found.append((regimen, says, (sources.chart(q, order.resource, f"Order: {order.text}"),)))
    diagnoses = (*(q.case.claim.diagnoses if q.case.claim else ()), *_charted_diagnoses(q))
    for row in label_calendars(drug, diagnoses):
        if row.loading and not _newly_ordered(q, days):
            continue
        found.append((row.regimen, f"the label plans {row.section.removeprefix('2: ')}", ()))
    return found


def _charted_diagnoses(q: Inquiry) -> tuple[str, ...]:
    conditions = q.case.chart.conditions if q.case.chart else ()
    return tuple(item.icd10 for item in conditions if item.status not in ("entered-in-error", "refuted"))


def _newly_ordered(q: Inquiry, days: list[date]) -> bool:
    """Tell whether the drug was ordered shortly before its first known dose: the label's loading doses follow then."""
    first = min(days)
    window = timedelta(days=ORDER_BEFORE_FIRST)
    orders = [order.ordered_on for order in orders_by(q) if order.ordered_on is not None]
    return bool(orders) and first - window <= min(orders) <= first


@check
def payer_says_too_often(q: Inquiry) -> Fact:
    """Whether the payer denied for how often the drug was given, and not for the units of one day."""
    if not q.carcs & TOO_OFTEN:
        return no("The payer gives no reason about how often")
    named = {code for code in q.remarks if (row := q.codes.rarc.lookup(code)) and row.category == "frequency"}
    if not named:
        return no("No remark of the payer is about how often")
    if named <= _COUNTS_UNITS_TOO and q.fact("units-over-limit").truth == "confirmed":
        return unknown("The payer's remark may mean the units of the day")
    return yes(f"The payer says the drug came too often ({', '.join(sorted(named))})", sources.remit_line(q))


@check
def frequency_answers(q: Inquiry) -> Fact:
    """Whether the records answer how often: the dose came too early, or in time though the payer says too often."""
    early = q.fact("dose-interval-too-short")
    if early.truth != "refuted":
        return early
    said = q.fact("payer-says-too-often")
    if said.truth != "confirmed":
        return no(early.says, *early.evidence)
    since = int(early.values.get("days_since", "0"))
    if since > max(LONGEST_PERIOD, int(early.values.get("expected_days", "0"))):
        return no(f"{early.says}: what the payer counts is no earlier dose of the drug", *early.evidence)
    planned = q.fact("dose-in-its-calendar")
    values = {**early.values, **planned.values} if planned.truth == "confirmed" else early.values
    kept = planned.evidence if planned.truth == "confirmed" else ()
    return yes(f"{said.says}, but it was in time: {early.says}", *said.evidence, *early.evidence, *kept, **values)
