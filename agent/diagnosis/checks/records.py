"""Facts about records a payer asked for, and whether the chart holds them."""

import re
from collections.abc import Iterable
from datetime import date

from agent.diagnosis import sources
from agent.diagnosis.case import Case
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.types.chart import Document, DoseGiven, Order
from knowledge.types.claim_status import AskedRecord, ClaimStatus
from knowledge.types.evidence import Fact
from tools.records_request.tables import asked_by_loinc, asked_by_remark, of_kind

REQUEST_CARCS = frozenset({"163", "164", "226", "250", "251", "252"})
"""Reasons that ask for records or say they never came (domain facts 1.4, category documentation)."""

OF_THE_DAY = ("note", "infusion")
"""Kinds of record that are about the day of service itself: an older one is not what was asked for."""


@check
def records_asked_for(q: Inquiry) -> Fact:
    """Whether the payer asks for records it did not get, and which; nothing shows that they were sent."""
    asked, request = sorted(q.carcs & REQUEST_CARCS), latest_request(q.case)
    if not asked and request is None:
        return no("The payer asks for no records")
    wanted = tuple(records_wanted(q))
    found = records_held(q, wanted)
    missing = tuple(kind for kind in wanted if kind not in found)
    held = tuple({item.resource: item for items in found.values() for item in items}.values())
    return yes(
        f"The payer asks for {listed(wanted)}",
        sources.remit_line(q),
        *((sources.records_request(q, request, listed(wanted)),) if request is not None else ()),
        *(record_evidence(q, item) for item in held),
        payer_name=q.case.payer.name if q.case.payer else "The payer",
        records_asked=listed(wanted),
        records_found=listed([record_named(item) for item in held]),
        records_missing=listed(missing),
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
    ).model_copy(update={"missing": tuple(f"{kind} records for {day(q.service_date)}" for kind in missing)})


def records_wanted(q: Inquiry) -> dict[str, tuple[str, ...]]:
    """Return the kinds of record asked for, each with the codes that ask; the day's record when none names one.

    Of a visit or a test that is its note; of a drug or its administration also the order and the infusion record. An
    electronic request (277) names its records by LOINC: one whose code the table has not is asked for as that code.
    """
    kinds: dict[str, tuple[str, ...]] = {}
    request = latest_request(q.case)
    for record in asked_of(q.case, request) if request is not None else ():
        kind, code = kind_asked(record), f"LOINC {record.loinc}" if record.loinc else f"277 {record.category}"
        kinds[kind] = tuple(dict.fromkeys((*kinds.get(kind, ()), code)))
    for code in sorted(q.remarks):
        for kind in asked_by_remark().get(code, ()):
            kinds[kind] = (*kinds.get(kind, ()), code)
    if kinds:
        return kinds
    general = ("note", "order", "infusion") if _treats(q) else ("note",)
    return {kind: (*sorted(q.carcs & REQUEST_CARCS), *sorted(q.remarks)) for kind in general}


def latest_request(case: Case) -> ClaimStatus | None:
    """Return the payer's last electronic request for records about the line that names any; None = there is none."""
    named = [one for one in case.requests if one.request is not None and asked_of(case, one)]
    return named[-1] if named else None


def asked_of(case: Case, found: ClaimStatus) -> tuple[AskedRecord, ...]:
    """Return what a request asks for of the claim as a whole, and of the denied line by its control number or code."""
    line = case.denial.line
    if found.request is None:
        return ()
    return tuple(
        one
        for one in found.request.asked
        if not one.hcpcs
        or line is None
        or (
            one.line_control == line.line_control if one.line_control and line.line_control else one.hcpcs == line.hcpcs
        )
    )


def kind_asked(record: AskedRecord) -> str:
    """Return the kind of record asked for, else the payer's own words or code of it, which a person looks up."""
    known = asked_by_loinc().get(record.loinc)
    if known is not None:
        return known
    if record.text:
        return record.text.casefold()
    return f"document of LOINC {record.loinc}" if record.loinc else f"document of status {record.status or 'not named'}"


def record_named(item: Document | Order | DoseGiven) -> str:
    """Name a record of the chart as a letter does: what it is, and of which day."""
    match item:
        case Document():
            return f"{item.kind} of {day(item.day)}" if item.day else item.kind
        case Order():
            return f"order of {day(item.ordered_on)}" if item.ordered_on else "order"
        case DoseGiven():
            return f"administration record of {day(item.day)}"


def record_evidence(q: Inquiry, item: Document | Order | DoseGiven) -> str:
    """Keep that a record of the chart exists, and return the id of the evidence."""
    if isinstance(item, Document):
        return sources.document(q, item)
    named = record_named(item)
    return sources.chart(q, item.resource, f"{named[:1].upper()}{named[1:]}, as entered in the chart")


def _treats(q: Inquiry) -> bool:
    served = q.service_date
    drug = q.codes.hcpcs.lookup(q.hcpcs, served) if served and q.hcpcs else None
    return not q.hcpcs or drug is not None or q.codes.administration.lookup(q.hcpcs) is not None


def records_held(q: Inquiry, wanted: Iterable[str]) -> dict[str, tuple[Document | Order | DoseGiven, ...]]:
    """Choose what the chart holds of the wanted kinds, up to the day of service; kinds it does not hold are left out.

    At most two documents of a kind, the newest; where none is, the order or the administration as it was entered.
    Nothing of another kind is chosen, whatever else the chart holds.
    """
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return {}
    found: dict[str, tuple[Document | Order | DoseGiven, ...]] = {}
    for kind in wanted:
        fits = [
            document
            for document in chart.documents
            if of_kind(kind, f"{document.kind} {document.title}") and _in_time(kind, document, served)
        ]
        held = tuple(sorted(fits, key=lambda item: str(item.day), reverse=True)[:2]) or _entered(q, kind)
        if held:
            found[kind] = held
    return found


def _in_time(kind: str, document: Document, served: date) -> bool:
    """Tell whether a document is of the time asked about: the visit's own for notes, else any up to the service."""
    if document.day is None:
        return kind not in OF_THE_DAY
    if kind in OF_THE_DAY:
        return document.day == served
    return document.day <= served


def _entered(q: Inquiry, kind: str) -> tuple[Order | DoseGiven, ...]:
    """Return the order or the administrations that the chart holds as entries of their own.

    Of the denied drug alone; of a line that only bills its administration, those of the drugs given that day.
    """
    chart = q.case.chart
    if chart is None:
        return ()
    given = q.codes.administration.lookup(q.hcpcs) is not None
    doses = tuple(dose for dose in chart.doses if dose.day == q.service_date and (given or dose.hcpcs == q.hcpcs))
    if kind == "infusion":
        return doses
    if kind != "order":
        return ()
    drugs = {dose.hcpcs for dose in doses} if given else {q.hcpcs}
    ordered = [order for order in chart.orders if order.hcpcs in drugs and _ordered_by(order, q.service_date)]
    newest = {order.hcpcs: order for order in sorted(ordered, key=lambda order: str(order.ordered_on))}
    return tuple(newest.values())


def _ordered_by(order: Order, served: date | None) -> bool:
    return order.ordered_on is None or served is None or order.ordered_on <= served


@check
def chart_shows_no_authorization(q: Inquiry) -> Fact:
    """Whether the chart is silent about an authorization: a letter there contradicts "never obtained"."""
    chart = q.case.chart
    if chart is None and "charts" not in q.case.parts:
        return unknown("The folder holds no charts", missing=("any authorization letter in the chart",))
    if chart is None:
        return yes("No chart speaks of an authorization")
    letters = [
        document
        for document in chart.documents
        if "authoriz" in f"{document.kind} {document.title}".casefold() or "prior auth" in document.kind.casefold()
    ]
    about = [document for document in letters if _speaks_of_drug(q, document)]
    if about:
        return unknown(
            f"The chart holds {about[0].kind} of {day(about[0].day)}, which no authorization record matches",
            *(sources.document(q, document) for document in about),
            missing=("the authorization that the letter in the chart speaks of",),
        )
    return yes("The chart holds no authorization letter for this drug")


def _speaks_of_drug(q: Inquiry, document: Document) -> bool:
    served = q.service_date
    drug = q.codes.hcpcs.lookup(q.hcpcs, served) if served and q.hcpcs else None
    names = [q.hcpcs, *(name for name in ((drug.generic, drug.brand) if drug else ()) if len(name) > 3)]
    text = document.text.casefold()
    return not text or any(name.casefold() in text for name in names if name)


URGENT = re.compile(
    r"\b(urgent(?:ly)?|emergen(?:t|cy)|cord compression|superior vena cava|visceral crisis|impending|"
    r"rapidly progress\w+|life[- ]threatening|tumor lysis)\b",
    re.IGNORECASE,
)
NOT_URGENT = re.compile(r"\b(no|not|non|without|denies|if|should)\b[^.]{0,40}$", re.IGNORECASE)
URGENT_DAYS = 14
"""How long before the service a statement of urgency still speaks for it."""


@check
def urgent_need_charted(q: Inquiry) -> Fact:
    """Whether a note up to two weeks before the service says plainly that treatment could not wait."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("a note that says why treatment could not wait",))
    for document in chart.documents:
        if document.day is None or not 0 <= (served - document.day).days <= URGENT_DAYS:
            continue
        for match in URGENT.finditer(document.text):
            start = max(document.text.rfind(mark, 0, match.start()) for mark in (".", "\n")) + 1
            if NOT_URGENT.search(document.text[start : match.start()]):
                continue
            end = min((at for mark in (".", "\n") if (at := document.text.find(mark, match.end())) >= 0), default=None)
            quote = document.text[start:end].strip()
            says = f"{document.kind} of {day(document.day)}: {quote}"
            return yes(says, sources.chart(q, document.resource, says, quote=quote), urgency=quote)
    return no("No note says that treatment could not wait")
