"""Facts about time and dose: days since the last dose, a dose against its order, a code's age."""

from datetime import timedelta

from agent.diagnosis import sources
from agent.diagnosis.clinical import clinical
from agent.diagnosis.given import drug_of, order_in_force
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact
from tools.dosing.interval import EARLY_DAYS, check_interval

NEW_CODE_DAYS = 184
"""Two quarters: how long a payer may take to load a new code (tables, code-not-on-fee-schedule)."""


@check
def dose_interval_too_short(q: Inquiry) -> Fact:
    """Whether the last paid or charted dose of the drug lies nearer than the shortest usual interval (facts 4.7)."""
    served, drug = q.service_date, drug_of(q)
    if served is None or drug is None or not drug.intervals_days:
        return unknown("No usual interval of the drug is known", missing=("the label's interval",))
    paid = [
        (line.service_date, f"{line.file} segment {line.segment}")
        for line in q.case.history
        if line.hcpcs == q.hcpcs and line.service_date is not None and line.service_date < served
    ]
    charted = [
        (dose.day, dose.resource)
        for dose in (q.case.chart.doses if q.case.chart else ())
        if dose.hcpcs == q.hcpcs and dose.day is not None and dose.day < served
    ]
    last = max((found for found, _ in (*paid, *charted)), default=None)
    order = order_in_force(q)
    ordered = order.interval_days if order and order.interval_days else None
    shortest = min(int(value) for value in drug.intervals_days)
    expected = min(shortest, ordered) if ordered else shortest
    judged = check_interval(last, served, expected)
    if judged.standing in ("first_dose", "unknown") or last is None:
        return unknown(judged.says, missing=("the date of the last dose",))
    evidence = [sources.claim_line(q), sources.calculation(q, "interval", judged.says)]
    evidence += [sources.chart(q, where, f"{q.hcpcs} was given on {day(on)}") for on, where in charted if on == last]
    values = {
        "hcpcs": q.hcpcs,
        "service_date": day(served),
        "last_dose": day(last),
        "days_since": str(judged.days),
        "expected_days": str(expected),
    }
    if judged.standing == "early":
        return yes(judged.says, *evidence, **values)
    return no(f"{judged.says}: not early (tolerance {EARLY_DAYS} days)", *evidence, **values)


@check
def code_is_new(q: Inquiry) -> Fact:
    """Whether the code began within two quarters before the service."""
    served, drug = q.service_date, drug_of(q)
    if served is not None and drug is not None and drug.added is None and drug.added_earliest is not None:
        first, last = drug.added_earliest, drug.added_latest or drug.added_earliest
        if first <= served <= first + timedelta(days=NEW_CODE_DAYS):
            says = f"{q.hcpcs} began between {day(first)} and {day(last)}"
            evidence = sources.code_table(q, "hcpcs", q.hcpcs, says)
            return yes(says, evidence, hcpcs=q.hcpcs, service_date=day(served), code_began=day(first))
    if served is None or drug is None or drug.added is None:
        return unknown("When the code began is not known", missing=("the HCPCS file row of the code",))
    evidence = sources.code_table(q, "hcpcs", q.hcpcs, f"{q.hcpcs} began {day(drug.added)}")
    values = {"hcpcs": q.hcpcs, "service_date": day(served), "code_began": day(drug.added)}
    if drug.added <= served <= drug.added + timedelta(days=NEW_CODE_DAYS):
        return yes(f"{q.hcpcs} began {day(drug.added)}, within two quarters", evidence, **values)
    return no(f"{q.hcpcs} began {day(drug.added)}", evidence, **values)


@check
def order_dated_after_service(q: Inquiry) -> Fact:
    """Whether the only orders for the drug are dated after it was given."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("the signed order",))
    orders = [o for o in chart.orders if o.hcpcs == q.hcpcs and o.ordered_on is not None]
    if not orders:
        return unknown("No order is charted", missing=("the signed order",))
    if all(o.ordered_on is not None and o.ordered_on > served for o in orders):
        first = min(orders, key=lambda o: str(o.ordered_on))
        says = f"The first order is dated {day(first.ordered_on)}, after the service"
        return yes(says, sources.chart(q, first.resource, says), order_fault=says, service_date=day(served))
    return no("An order stood before the service")


NOTES = ("note", "visit", "consult", "progress")


@check
def signature_or_order_defective(q: Inquiry) -> Fact:
    """Whether a note of the day carries no signature, or the order is dated after the service."""
    late = q.fact("order-dated-after-service")
    if late.truth == "confirmed":
        return late
    chart, served = q.case.chart, q.service_date
    if chart is None:
        return unknown("The chart is not at hand", missing=("the note of the day, signed",))
    notes = [d for d in chart.documents if d.day == served and any(word in d.kind.casefold() for word in NOTES)]
    if not notes:
        return unknown("No note of the day is charted", missing=("the note of the day, signed",))
    signed = {fact.resource for fact in clinical(q).facts if fact.topic == "signature" and fact.name == "signed"}
    bare = [note for note in notes if note.resource not in signed and note.media_type == "text/plain"]
    if not bare:
        return no("Every note of the day is signed")
    fault = f"{bare[0].kind} of {day(served)} carries no signature"
    return yes(fault, sources.document(q, bare[0]), order_fault=fault, service_date=day(served))
