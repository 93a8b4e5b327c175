"""Facts about hospice: whether what was treated belongs to the terminal illness (MBPM 9, 10; modifier GW)."""

import re

from agent.diagnosis import sources
from agent.diagnosis.checks.diagnoses import dotless, pointed
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from tools.chart.sentences import sentences

NEAR_DAYS = 7
"""How far from the day of service a note still speaks of it."""

UNRELATED = re.compile(
    r"\b(?:unrelated|not related|nothing to do with|(?:is|are|was) not (?:the|a|part of the) terminal"
    r"|separate from (?:the|his|her) (?:terminal|hospice))\b",
    re.IGNORECASE,
)
TERMINAL = re.compile(
    r"\b(?i:terminal|hospice|admitting) (?i:diagnos[ie]s|illness|condition)\b[^A-Z0-9]{0,12}"
    r"(?P<code>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\b"
)


@check
def treatment_unrelated_to_hospice(q: Inquiry) -> Fact:
    """Whether the chart shows that the treatment has nothing to do with the terminal illness.

    The notice of election names the illness by its code: another category than the one treated is unrelated, the same
    is related. Else a sentence near the day that says so.
    """
    named = _terminal_illness(q)
    if named is not None:
        document, quote, code = named
        evidence = sources.chart(q, document.resource, f"{document.kind}: {quote}", quote=quote)
        treated = _treated(q)
        if any(t[:3] == dotless(code)[:3] for t in treated):
            return no(f"{document.kind} names {code}, which was treated", evidence)
        if treated and all(t[0] != dotless(code)[0] for t in treated):
            return yes(f"{document.kind}: {quote}", evidence, sources.claim_line(q), _marked(q), unrelated_words=quote)
    for document in q.case.chart.documents if q.case.chart else ():
        if not _near(q, document):
            continue
        for sentence in sentences(document.text):
            if UNRELATED.search(sentence.text):
                says = f"{document.kind}: {sentence.text}"
                evidence = sources.chart(q, document.resource, says, quote=sentence.text)
                return yes(says, evidence, _marked(q), unrelated_words=sentence.text)
    return unknown("Nothing says whether the treatment was related", missing=("a note on what was treated and why",))


def _terminal_illness(q: Inquiry) -> tuple[Document, str, str] | None:
    for document in q.case.chart.documents if q.case.chart else ():
        if document.day is None or q.service_date is None or document.day > q.service_date:
            continue
        for sentence in sentences(document.text):
            if match := TERMINAL.search(sentence.text):
                return document, sentence.text, match["code"]
    return None


def _treated(q: Inquiry) -> tuple[str, ...]:
    """Return the diagnoses the line points to, or the claim's, as the claim writes them (no dots)."""
    claim = q.case.claim
    return tuple(dotless(code) for code in pointed(q) or (claim.diagnoses if claim else ()))


def _near(q: Inquiry, document: Document) -> bool:
    served = q.service_date
    return document.day is not None and served is not None and abs((served - document.day).days) <= NEAR_DAYS


def _marked(q: Inquiry) -> str:
    """Keep how such a service is billed: modifier GW (MBPM 9, 10)."""
    says = "A service that is not of the terminal illness is billed with modifier GW"
    return sources.calculation(q, "hospice-modifier", says)
