"""The dose charted for the day in question: what was given, thrown away, and ordered."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from agent.diagnosis.inquiry import Inquiry, no, unknown
from knowledge.codes.hcpcs import Drug
from knowledge.types.chart import Amount, DoseGiven, Order, TextFact
from knowledge.types.evidence import Fact
from tools.chart.agreement import disagreements
from tools.chart.matching import DrugAsked
from tools.chart.notes import read_note
from tools.dosing.units import billing_units, in_measure


@dataclass(frozen=True, slots=True)
class GivenDose:
    """Completed administrations of the drug that day, summed in the code's own measure.

    `amount` and `units` are None when nothing is charted or it cannot be converted; `missing` then says what to get.
    `discarded` None = the chart is silent about waste.
    """

    doses: tuple[DoseGiven, ...] = ()
    measure: str = "mg"
    amount: Decimal | None = None
    units: Decimal | None = None
    discarded: Decimal | None = None
    missing: tuple[str, ...] = ()


def drug_of(q: Inquiry, code: str = "") -> Drug | None:
    """Return what the billed code, or another, means on the day of service; None when the table does not hold it."""
    served, code = q.service_date, code or q.hcpcs
    return q.codes.hcpcs.lookup(code, served) if served is not None and code else None


def _names(drug: Drug | None) -> tuple[str, ...]:
    if drug is None:
        return ()
    generic = drug.generic.split(",")[0].removesuffix(" NOS").removesuffix(" non-ESRD")
    names = (generic, *drug.brand.replace(" and ", ",").split(","))
    return tuple(name.strip().casefold() for name in names if len(name.strip()) > 3)


def is_drug(q: Inquiry, hcpcs: str, name: str, code: str = "") -> bool:
    """Tell whether a charted drug is the one billed: the same code or its successor, or, without a code, the name."""
    if hcpcs:
        return hcpcs in _codes(q, code or q.hcpcs)
    return any(known in name.casefold() for known in _names(drug_of(q, code)))


def _codes(q: Inquiry, code: str) -> frozenset[str]:
    """Return a code with the codes to bill in its place on the day, when it had ended by then."""
    served = q.service_date
    later = q.codes.hcpcs.successors(code, served) if served is not None and code else ()
    return frozenset({code, *(item.code for item in later)})


def given_dose(q: Inquiry, code: str = "") -> GivenDose:
    """Sum the completed administrations of the billed drug, or of another code, on the day of service."""
    code = code or q.hcpcs
    served, drug, chart = q.service_date, drug_of(q, code), q.case.chart
    wanted = f"the administration record of {code} on {served or 'the date of service'}"
    if chart is None or served is None:
        return GivenDose(missing=(wanted,))
    doses = tuple(
        dose
        for dose in chart.doses
        if dose.day == served and is_drug(q, dose.hcpcs, dose.drug, code) and dose.status in ("completed", "")
    )
    doses = doses or _noted(q, code)
    if not doses:
        return GivenDose(missing=(wanted,))
    if drug is None or drug.unit_qty is None or drug.unit_uom is None:
        return GivenDose(doses=doses, missing=(f"the amount in one billing unit of {code}",))
    amounts = [in_measure(dose.dose, drug.unit_uom) for dose in doses]
    if any(amount is None for amount in amounts):
        return GivenDose(doses=doses, measure=drug.unit_uom, missing=(f"the dose in {drug.unit_uom}",))
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    discarded = [in_measure(dose.discarded, drug.unit_uom) for dose in doses if dose.discarded is not None]
    stated = [amount for amount in discarded if amount is not None]
    return GivenDose(
        doses=doses,
        measure=drug.unit_uom,
        amount=total,
        units=billing_units(total, drug.unit_qty),
        discarded=sum(stated, Decimal(0)) if stated else None,
    )


NURSES = ("nurs", "infusion", "flow", "administration", "medication record", "treatment record")
"""Kinds of documents that record what was given (facts 7.2: the administration record, whatever its form)."""


def _noted(q: Inquiry, code: str) -> tuple[DoseGiven, ...]:
    """Read the dose from the day's nursing record where no administration is charted; () unless it states one plainly.

    Two amounts, two records or a day named beside the dose that is another are left for a person.
    """
    chart, served, drug = q.case.chart, q.service_date, drug_of(q, code)
    if chart is None or served is None or drug is None:
        return ()
    names = _names(drug)
    if any(dose.day == served and is_drug(q, dose.hcpcs, dose.drug, code) for dose in chart.doses):
        return ()
    found = []
    for document in chart.documents:
        if document.day != served or not any(word in document.kind.casefold() for word in NURSES):
            continue
        facts = read_note(document, names)
        said = [fact for fact in facts if fact.name == "dose-given" and fact.values.get("date") in (None, str(served))]
        wasted = [fact for fact in facts if fact.name == "waste" and fact.values.get("drug", "") in ("", *names)]
        if said:
            found.append((document, said, wasted if len(wasted) == 1 and _alone(q, document.text) else []))
    if len(found) != 1 or len({(fact.values["amount"], fact.values["unit"]) for fact in found[0][1]}) != 1:
        return ()
    document, said, wasted = found[0]
    return (
        DoseGiven(
            resource=document.resource,
            hcpcs=code,
            drug=said[0].values.get("drug", drug.generic),
            day=served,
            dose=_amount(said[0]),
            discarded=_amount(wasted[0]) if wasted else None,
            discarded_stated=bool(wasted),
            status="completed",
        ),
    )


def _amount(fact: TextFact) -> Amount:
    return Amount(value=Decimal(fact.values["amount"]), unit=fact.values["unit"])


def _alone(q: Inquiry, text: str) -> bool:
    """Tell whether the record names no other drug of the claim, so that its waste is of this one."""
    claim = q.case.claim
    others = {line.hcpcs for line in claim.lines if line.hcpcs != q.hcpcs} if claim else set()
    return not any(name in text.casefold() for code in others for name in _names(drug_of(q, code)))


def names_code(q: Inquiry, code: str, text: str) -> bool:
    """Tell whether a text names the drug a code of the claim stands for: by code, generic or brand.

    A biologic's suffix of four letters is left aside: notes leave it out.
    """
    words = text.casefold()
    plain = (_SUFFIX.sub("", name) for name in _names(drug_of(q, code)))
    return any(name in words for name in (code.casefold(), *plain) if name)


_SUFFIX = re.compile(r"-[a-z]{4}$")


def orders_by(q: Inquiry) -> tuple[Order, ...]:
    """Return the drug's orders up to the day of service, newest first; those never meant to be carried out left out."""
    served, chart = q.service_date, q.case.chart
    if chart is None or served is None:
        return ()
    orders = [
        order
        for order in chart.orders
        if is_drug(q, order.hcpcs, order.drug)
        and order.ordered_on is not None
        and order.ordered_on <= served
        and order.status not in ("cancelled", "entered-in-error", "draft")
    ]
    newest = sorted(orders, key=lambda order: (str(order.ordered_on), order.resource), reverse=True)
    return tuple(newest)


def order_in_force(q: Inquiry) -> Order | None:
    """Return the newest order that was not stopped; None when none is charted."""
    return next((order for order in orders_by(q) if order.status != "stopped"), None)


def contradictions(q: Inquiry) -> tuple[str, ...]:
    """Say where the chart contradicts itself about the drug on the day: record against notes, never settled here."""
    served, chart = q.service_date, q.case.chart
    if chart is None or served is None or drug_of(q) is None:
        return ()
    said = tuple(found.says for found in disagreements(chart, asked_drug(q), served))
    return (*said, *_charted_twice(q))


def _charted_twice(q: Inquiry) -> tuple[str, ...]:
    """Say that two records may be one dose written down twice: alike in amount, time and product, nothing to part them.

    Where both together come to what is billed they bear each other out.
    """
    given = given_dose(q)
    alike = Counter((dose.dose, dose.start, dose.stop, dose.ndc11, dose.route) for dose in given.doses if dose.dose)
    lines = [line.units for line in q.lines_of_code() if "JW" not in line.modifiers]
    billed = sum((units for units in lines if units is not None), Decimal(0))
    if not any(count > 1 for count in alike.values()) or given.units == billed:
        return ()
    names = " and ".join(dose.resource for dose in given.doses)
    return (f"{names} may be one dose charted twice: amount, time and product are alike",)


def no_drug(q: Inquiry) -> Fact:
    """Answer a question about the drug of a line whose code the drug table does not hold.

    A numeric code (CPT: visits, administration, tests) is no drug; a letter code may be one that is not listed yet.
    """
    if q.hcpcs.isdigit():
        return no(f"{q.hcpcs} is no drug")
    return unknown(f"{q.hcpcs or 'The service'} is not in the drug table")


def asked_drug(q: Inquiry) -> DrugAsked:
    """Return the billed drug as the chart is asked for it: code and names."""
    return DrugAsked(hcpcs=q.hcpcs, names=_names(drug_of(q)))


def names_drug(q: Inquiry, text: str) -> bool:
    """Tell whether a text names the billed drug, by code, generic or brand.

    A drug the table does not hold is named as the chart names it beside the code.
    """
    words = text.casefold()
    chart = q.case.chart
    pairs = [(x.hcpcs, x.drug) for x in chart.doses] + [(x.hcpcs, x.drug) for x in chart.orders] if chart else []
    charted = tuple(drug.split("(")[0].strip().casefold() for code, drug in pairs if code == q.hcpcs)
    names = _names(drug_of(q)) or charted
    return any(name in words for name in (q.hcpcs.casefold(), *names) if name)
