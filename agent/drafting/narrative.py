"""Say in words what a not-otherwise-classified code was billed for: drug, dose, route (837P SV101-7)."""

import re
from dataclasses import dataclass

from agent.diagnosis.printed import number
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.chart import Amount, DoseGiven, Order
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, SetDescription
from tools.chart.sentences import sentences
from tools.corrected_claim.product_forms import plain_name

_LONGEST = 80  # SV101-7
_ROUTES = (
    ("intraven", "IV"),
    ("subcut", "SC"),
    ("intramusc", "IM"),
    ("intravesic", "INTRAVESICAL"),
    ("intrathec", "INTRATHECAL"),
    ("intraperit", "INTRAPERITONEAL"),
    ("intraderm", "INTRADERMAL"),
)
_SHORT = re.compile(r"\b(IV|SC|SQ|IM)\b")
_GIVEN = re.compile(r"\b\d{1,2}:?\d{2}\b|\b(given|infused|administered|injected|ran|vials?)\b", re.IGNORECASE)
_NOT_GIVEN = re.compile(
    r"\b(not|held|hold|refused|cancel\w*|plan\w*|will|next|order\w*|if|declined|wasted)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Administered:
    drug: str
    dose: Amount
    route: str


def describe_drug(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Name drug, dose and route on the unclassified line in question."""
    return (describe(c, c.line, c.line.hcpcs),)


def describe(c: CorrectionCase, line: ClaimLine, code: str) -> SetDescription:
    """Return the description for a line billed under an unclassified code (`code`: as sent)."""
    given = _by_record(c, code) or _by_note(c, code)
    if given is None:
        raise NotCorrectable(
            "no one administration of a drug without a code is charted that day: get drug, dose, route"
        )
    specific = _specific_code(c, given.drug)
    if specific:
        raise NotCorrectable(f"{given.drug} has a code of its own, {specific}: words do not make {line.hcpcs} right")
    text = f"{given.drug} {number(given.dose.value)} {given.dose.unit} {given.route}".upper()
    ndc = _charted_ndc(c, given.drug)
    if ndc and line.drug is None and len(text) + len(ndc) + 5 <= _LONGEST:
        text = f"{text} NDC {ndc}"
    if len(text) > _LONGEST:
        raise NotCorrectable(f"{text!r} does not fit the {_LONGEST} characters of a description")
    why = f"{line.hcpcs} says nothing of the drug: the chart shows {given.drug} given that day"
    return SetDescription(line=line.number, text=text, why=why, evidence=c.evidence)


def _charted_codes(c: CorrectionCase) -> list[str]:
    """Return the codes of drugs charted that day that no line of the claim bills."""
    billed = {line.hcpcs for line in c.claim.lines}
    known = c.q.codes.hcpcs
    return sorted({d.hcpcs for d in _doses(c) if d.hcpcs in known.codes and d.hcpcs not in known.unclassified} - billed)


def _by_record(c: CorrectionCase, code: str) -> _Administered | None:
    """Return the one administration charted under the code, or under no code, that day."""
    doses = [
        dose for dose in _doses(c) if dose.hcpcs == code or dose.hcpcs in c.q.codes.hcpcs.unclassified or not dose.hcpcs
    ]
    if len(doses) != 1 or doses[0].dose is None or not doses[0].drug:
        return None
    route = _route(doses[0].route) or _ordered_route(c, doses[0].drug)
    return _Administered(doses[0].drug, doses[0].dose, route) if route else None


def _doses(c: CorrectionCase) -> list[DoseGiven]:
    chart = c.q.case.chart
    doses = chart.doses if chart is not None else ()
    return [dose for dose in doses if dose.day == c.q.service_date and dose.status in ("completed", "")]


def _by_note(c: CorrectionCase, code: str) -> _Administered | None:
    """Return the one ordered drug of the code whose dose a note of the day says was given, as it was ordered."""
    chart = c.q.case.chart
    if chart is None or any(dose.hcpcs == code for dose in _doses(c)):
        return None
    found: dict[str, _Administered] = {}
    for order in _orders(c, code):
        if order.dose is None:
            continue
        dose = rf"{re.escape(number(order.dose.value))}(?:\.0+)?\s*{re.escape(order.dose.unit)}\b"
        said = re.compile(rf"\b{re.escape(order.drug)}\b\W+{dose}", re.IGNORECASE)
        for document in chart.documents:
            if document.day != c.q.service_date:
                continue
            for sentence in sentences(document.text):
                route = _route(sentence.text)
                sure = _GIVEN.search(sentence.text) and not _NOT_GIVEN.search(sentence.text)
                if route and sure and said.search(sentence.text):
                    found[order.drug.casefold()] = _Administered(order.drug, order.dose, route)
    return next(iter(found.values())) if len(found) == 1 else None


def _orders(c: CorrectionCase, code: str) -> list[Order]:
    chart, served = c.q.case.chart, c.q.service_date
    return [
        order
        for order in (chart.orders if chart is not None else ())
        if order.hcpcs == code
        and order.drug
        and served is not None
        and order.ordered_on is not None
        and order.ordered_on <= served
        and order.status in ("active", "completed", "")
    ]


def _route(words: str) -> str:
    folded = words.casefold()
    routes = {short for long, short in _ROUTES if long in folded}
    routes |= {"SC" if short == "SQ" else short for short in _SHORT.findall(words)}
    return next(iter(routes)) if len(routes) == 1 else ""


def _ordered_route(c: CorrectionCase, drug: str) -> str:
    chart = c.q.case.chart
    orders = chart.orders if chart is not None else ()
    routes = {_route(order.text) for order in orders if order.drug.casefold() == drug.casefold()}
    return next(iter(routes)) if len(routes) == 1 else ""


def _charted_ndc(c: CorrectionCase, drug: str) -> str:
    ndcs = {dose.ndc11 for dose in _doses(c) if dose.drug == drug and dose.ndc11}
    return next(iter(ndcs)) if len(ndcs) == 1 else ""


def _specific_code(c: CorrectionCase, drug: str) -> str:
    """Return a code in force that day that is the drug's own; blank when the table has none."""
    served, name = c.q.service_date, plain_name(drug)
    table = c.q.codes.hcpcs
    if served is None:
        return ""
    for code in sorted(table.codes):
        row = table.lookup(code, served) if code not in table.unclassified else None
        if row is not None and plain_name(row.generic) == name and table.state(code, served).state == "active":
            return code
    return ""
