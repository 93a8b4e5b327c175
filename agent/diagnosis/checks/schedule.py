"""Facts about time: a code's age, the day of an order, and who signed."""

import re
from datetime import timedelta

from agent.diagnosis import sources
from agent.diagnosis.clinical import clinical
from agent.diagnosis.given import drug_of, names_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from tools.chart.signing import signature_fault
from tools.policy.facts import generics

NEW_CODE_DAYS = 184
"""Two quarters: how long a payer may take to load a new code (tables, code-not-on-fee-schedule)."""


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
    unsigned = _unsigned_order(q)
    if unsigned is not None:
        return unsigned
    notes = [d for d in chart.documents if d.day == served and any(word in d.kind.casefold() for word in NOTES)]
    if not notes:
        return unknown("No note of the day is charted", missing=("the note of the day, signed",))
    signed = {fact.resource for fact in clinical(q).facts if fact.topic == "signature" and fact.name == "signed"}
    bare = [note for note in notes if note.resource not in signed and note.media_type == "text/plain"]
    if not bare:
        return no("Every note of the day is signed")
    fault = f"{bare[0].kind} of {day(served)} carries no signature"
    return yes(fault, sources.document(q, bare[0]), order_fault=fault, service_date=day(served))


def _may_order(document: Document) -> bool:
    """Tell whether a document is an order, or a clinician's note that plans or orders the treatment."""
    kind = f"{document.kind} {document.title}".casefold()
    if "order" in kind:
        return True
    clinician = any(word in kind for word in NOTES) and not any(word in kind for word in ("nurs", "infusion", "pharm"))
    return clinician and _PLANS.search(document.text) is not None


_PLANS = re.compile(
    r"\b(?:plan|order(?:ed|s)?|start(?:ing|s)?|begin(?:ning|s)?|will (?:get|receive|have))\b", re.IGNORECASE
)

ORDER_DAYS = 45
"""How long before the service an order document still orders it: a cycle with its delay."""


def _unsigned_order(q: Inquiry) -> Fact | None:
    """Find the latest order document by the day of service that names the drug, and whether it lacks its signature."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return None
    drug = drug_of(q)
    own = generics(f"{drug.generic}, {drug.brand}") if drug is not None else frozenset()
    orders = [
        document
        for document in chart.documents
        if document.day is not None
        and 0 <= (served - document.day).days <= ORDER_DAYS
        and _may_order(document)
        and (names_drug(q, document.text) or own & generics(document.text))
    ]
    last = max(orders, key=lambda item: (str(item.day), item.resource), default=None)
    words = signature_fault(last) if last is not None else ""
    if last is None or not words:
        return None
    fault = f"{last.kind} of {day(last.day)} is not signed"
    evidence = sources.chart(q, last.resource, words, quote=words)
    return yes(fault, evidence, order_fault=fault, service_date=day(served))
