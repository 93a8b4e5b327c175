"""Facts about the height of a dose: against the day's body, the order's own arithmetic, and the label."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.body import Measured, body_on, measured
from agent.diagnosis.checks.dose import dose_evidence, mg_given
from agent.diagnosis.given import drug_of, given_dose, names_drug, order_in_force
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, number
from knowledge.types.chart import Amount, Order
from knowledge.types.evidence import Fact
from tools.chart.quantity import PER_BODY, doses_in
from tools.dosing.dose_reason import dose_reason
from tools.dosing.label import ROUNDING, carboplatin_most, label_doses, label_limit
from tools.dosing.ordered import ordered_dose

REASON_DAYS = 60
"""How long before the dose a note may have said why it was left as it was: two cycles of the longest usual interval."""


_ANOTHER_WEIGHT = re.compile(
    r"\b(?:a?ibw|abw|adj(?:usted)?\.?\s*(?:ideal\s*)?(?:body\s*)?(?:weight|bw|wt)|adjbw|ideal|lean|dry\s+(?:weight|wt))\b",
    re.IGNORECASE,
)
"""Words by which an order counts with another weight than the one measured (facts 4.1)."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit a dose was held against: above it, within it, or not known, in words."""

    over: bool | None
    says: str = ""
    missing: tuple[str, ...] = ()


@check
def dose_over_label_or_body(q: Inquiry) -> Fact:
    """Whether the dose exceeds what order and day's body come to, or the label's highest dose (facts 4.1, RC61).

    A dose apart from its order stands here too. The label's own rule is to compute anew after a change of weight of
    10% or more; rounding to vials is allowed for.
    """
    drug, given = drug_of(q), given_dose(q)
    milligrams = mg_given(given)
    if drug is None or milligrams is None:
        return unknown("The dose given is not charted in mg", missing=given.missing)
    follows = q.fact("dose-given-follows-order")
    order = order_in_force(q)
    evidence = (*dose_evidence(q, given), *_bodies(q))
    values = {"dose_given": f"{number(milligrams)} mg", "hcpcs": q.hcpcs, "service_date": day(q.service_date)}
    limits = (_by_order(q, order, drug.generic, milligrams), _by_label(q, drug.generic, milligrams))
    over = [limit for limit in limits if limit.over]
    if over:
        shown = sources.calculation(q, "dose-limit", f"{number(milligrams)} mg given: {over[0].says}")
        return yes(over[0].says, *evidence, *_order(q, order), shown, dose_limit=over[0].says, **values)
    if follows.truth == "refuted":
        return yes(follows.says, *follows.evidence, **{**values, **follows.values})
    if all(limit.over is None for limit in limits) or any(limit.over is None and limit.says for limit in limits):
        missing = tuple(item for limit in limits for item in limit.missing)
        return unknown("Whether the dose is above its limit cannot be computed", *evidence, missing=missing)
    says = next(limit.says for limit in limits if limit.over is False)
    return no(f"{number(milligrams)} mg is within its limits: {says}", *evidence, **values)


def _by_order(q: Inquiry, order: Order | None, drug: str, given: Decimal) -> _Limit:
    """Hold the dose against the order's dose per kg, m2 or AUC with the body of the day."""
    basis = _basis(order)
    if order is None or basis is None:
        return _Limit(None, missing=("the dose calculation of the order",))
    if _ANOTHER_WEIGHT.search(order.text) or any(row.unit == "mg/kg-adjusted" for row in label_doses(drug)):
        return _Limit(None, missing=("height, weight and sex, and the weight the order counts with",))
    read = ordered_dose(basis, body_on(q), drug)
    if basis.unit == "auc":
        most = carboplatin_most(basis.value)
        if given > most * (1 + ROUNDING / 2):
            says = f"AUC {number(basis.value)} at the clearance FDA caps at 125 mL/min is at most {number(most)} mg"
            return _Limit(True, says)
    if not read.milligrams:
        return _Limit(None, missing=read.missing)
    highest = max(read.milligrams)
    says = f"{read.how[read.milligrams.index(highest)]} is {number(highest)} mg"
    return _Limit(given > highest * (1 + ROUNDING), says)


def _basis(order: Order | None) -> Amount | None:
    """Return the highest dose per kg, m2 or AUC the order states: a loading dose may stand before the usual one."""
    if order is None:
        return None
    stated = [amount for amount in (order.basis, order.dose) if amount is not None and amount.unit in PER_BODY]
    if not stated:
        return None
    written = [amount for amount in doses_in(order.text) if amount.unit == stated[0].unit]
    return max((*stated, *written), key=lambda amount: amount.value)


def _by_label(q: Inquiry, drug: str, given: Decimal) -> _Limit:
    limit = label_limit(drug, body_on(q))
    over = limit.over(given)
    if limit.milligrams is None:
        return _Limit(None, missing=limit.missing)
    says = f"the label allows at most {number(limit.milligrams)} mg ({limit.how})"
    return _Limit(over, says, ("the physician's reason for a dose at the label's limit",) if over is None else ())


def _bodies(q: Inquiry) -> tuple[str, ...]:
    """Keep the weight and surface the limits rest on as evidence."""
    units = {"weight": "kg", "height": "cm", "surface": "m2", "creatinine": "mg/dL"}
    kept = [item for item in measured(q).values() if item.name in ("weight", "surface", "creatinine")]
    return tuple(
        sources.chart(q, item.resource, _said(item, units[item.name]), quote=item.quote or None) for item in kept
    )


def _said(item: Measured, unit: str) -> str:
    where = "as the order states it" if item.kind == "order" else "measured"
    name = {"surface": "body surface"}.get(item.name, item.name).capitalize()
    return f"{name} of {day(item.day)}: {number(item.value)} {unit}, {where}"


def _order(q: Inquiry, order: Order | None) -> tuple[str, ...]:
    if order is None:
        return ()
    return (sources.chart(q, order.resource, f"Order of {day(order.ordered_on)}: {order.text or order.drug}"),)


@check
def dose_reason_documented(q: Inquiry) -> Fact:
    """Whether a note up to the day of service says why the dose was meant as it was given."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("the note that explains the dose",))
    order = order_in_force(q)
    for text in order.notes if order else ():
        found = dose_reason(text)
        if found is not None and order is not None:
            evidence = sources.chart(q, order.resource, f"The order says: {found.quote}")
            return yes("The order says why the dose is as it is", evidence, dose_reason=found.quote)
    for document in sorted(chart.documents, key=lambda item: str(item.day), reverse=True):
        near = document.day is not None and served - timedelta(days=REASON_DAYS) <= document.day <= served
        if not near or not names_drug(q, document.text):
            continue
        found = dose_reason(document.text)
        if found is not None:
            says = f"{document.kind} of {day(document.day)} says why the dose is as it is"
            evidence = sources.chart(q, document.resource, says, quote=found.quote)
            return yes(says, evidence, dose_reason=found.quote)
    return no("No note up to the day of service says why the dose is as it is")
