"""Facts about records a payer asked for, and whether the chart holds them."""

import re
from datetime import date

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact

REQUEST_CARCS = frozenset({"163", "164", "226", "250", "251", "252"})
"""Reasons that ask for records or say they never came (domain facts 1.4, category documentation)."""

WANTED: dict[str, tuple[str, ...]] = {
    "pathology": ("pathology", "biopsy"),
    "laboratory": ("lab", "laboratory"),
    "imaging": ("imaging", "radiology", "ct ", "pet", "mri"),
    "order": ("order", "treatment plan"),
    "infusion": ("infusion", "administration", "nursing", "mar"),
    "note": ("note", "progress", "consult", "history"),
}


OF_THE_DAY = ("note", "infusion")
"""Kinds of record that are about the day of service itself: an older one is not what was asked for."""


@check
def records_asked_for(q: Inquiry) -> Fact:
    """Whether the payer asks for records it did not get, and which; nothing shows that they were sent."""
    asked = sorted(q.carcs & REQUEST_CARCS)
    if not asked:
        return no("The payer asks for no records")
    wanted = _wanted(q)
    found = _found(q, wanted)
    missing = tuple(kind for kind in wanted if kind not in found)
    evidence = [sources.remit_line(q)]
    evidence += [sources.document(q, document) for documents in found.values() for document in documents]
    return yes(
        f"The payer asks for {listed(wanted)}",
        *evidence,
        payer_name=q.case.payer.name if q.case.payer else "The payer",
        records_asked=listed(wanted),
        records_found=listed([f"{item.kind} of {day(item.day)}" for documents in found.values() for item in documents]),
        records_missing=listed(missing),
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
    ).model_copy(update={"missing": tuple(f"{kind} records for {day(q.service_date)}" for kind in missing)})


def _wanted(q: Inquiry) -> tuple[str, ...]:
    """Name the kinds of record the remarks ask for; the medical record of the day when none names one.

    Of a visit or a test that is its note; of a drug or its administration also the order and the infusion record.
    """
    kinds: list[str] = []
    for code in sorted(q.remarks):
        row = q.codes.rarc.lookup(code)
        if row is None or row.category != "documentation":
            continue
        words = f"{row.meaning} {row.resolves}".casefold()
        kinds += [kind for kind, names in WANTED.items() if any(name in words for name in names)]
    return tuple(dict.fromkeys(kinds)) or (("note", "order", "infusion") if _treats(q) else ("note",))


def _treats(q: Inquiry) -> bool:
    served = q.service_date
    drug = q.codes.hcpcs.lookup(q.hcpcs, served) if served and q.hcpcs else None
    return not q.hcpcs or drug is not None or q.codes.administration.lookup(q.hcpcs) is not None


def _found(q: Inquiry, wanted: tuple[str, ...]) -> dict[str, list[Document]]:
    """Choose the chart's documents of the wanted kinds, up to the day of service or within a month after."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return {}
    found: dict[str, list[Document]] = {}
    for kind in wanted:
        fits = [
            document
            for document in chart.documents
            if any(name in f"{document.kind} {document.title}".casefold() for name in WANTED[kind])
            and _in_time(kind, document, served)
        ]
        if fits:
            found[kind] = sorted(fits, key=lambda item: str(item.day), reverse=True)[:2]
        elif kind in ("order", "infusion") and _structured(q, kind):
            found[kind] = []
    return found


def _in_time(kind: str, document: Document, served: date) -> bool:
    """Tell whether a document is of the time asked about: the visit's own for notes, else any up to the service."""
    if document.day is None:
        return kind not in OF_THE_DAY
    if kind in OF_THE_DAY:
        return document.day == served
    return document.day <= served


def _structured(q: Inquiry, kind: str) -> bool:
    """Tell whether the chart holds the order or the administration as a resource of its own."""
    chart = q.case.chart
    if chart is None:
        return False
    given = q.codes.administration.lookup(q.hcpcs) is not None
    if kind == "order":
        return any(given or order.hcpcs == q.hcpcs for order in chart.orders)
    return any((given or dose.hcpcs == q.hcpcs) and dose.day == q.service_date for dose in chart.doses)


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
