"""Facts about clinical trials: whether the chart shows one, and whether the claim says so."""

import re

from agent.diagnosis import sources
from agent.diagnosis.given import names_code
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.types.evidence import Fact
from tools.chart.sentences import sentences

ROUTINE = re.compile(r"\b(?:routine|standard[- ]of[- ]care|standard care)\b", re.IGNORECASE)
"""Words by which a consent or protocol tells what is billed as usual (Q1) from what is studied (Q0)."""
_NOT = re.compile(r"\b(?:not|non|neither|nor|never)\b", re.IGNORECASE)
_CHEMOTHERAPY = re.compile(r"\bchemotherapy\b", re.IGNORECASE)
_CHEMOTHERAPY_CODE = re.compile(r"J9\d{3}|Q5\d{3}")
NCT = re.compile(r"\bNCT\s?(\d{8})\b")


@check
def trial_in_chart(q: Inquiry) -> Fact:
    """Whether a document of the chart names a registered trial (NCT number) by the date of service."""
    chart, served = q.case.chart, q.service_date
    if chart is None:
        return unknown("The chart is not at hand", missing=("protocol and consent",))
    for document in chart.documents:
        match = NCT.search(document.text)
        if match and (document.day is None or served is None or document.day <= served):
            says = f"{document.kind} of {day(document.day)} names trial NCT{match.group(1)}"
            evidence = sources.chart(q, document.resource, says, quote=match.group(0))
            routine = [
                sources.chart(
                    q, document.resource, f"{document.kind} of {day(document.day)} on routine care", quote=s.text
                )
                for s in sentences(document.text)
                if ROUTINE.search(s.text)
            ]
            if any(says_routine(q, q.hcpcs, s.text) for s in sentences(document.text)):
                number = match.group(1)
                marked = (
                    f"A claim of NCT{number} carries diagnosis Z00.6 and the number {number}, and on what is routine "
                    "care modifier Q1 (NCD 310.1)"
                )
                values = {"trial_number": number, "trial_modifier": "modifier Q1", "trial_diagnosis": "Z00.6"}
                routine.append(sources.calculation(q, "trial-elements", marked, **values))
            return yes(says, evidence, *routine, trial=f"NCT{match.group(1)}")
    return no("The chart names no registered trial")


def says_routine(q: Inquiry, code: str, text: str) -> bool:
    """Tell whether a sentence calls a drug of the claim routine care, by its name or as the chemotherapy it is."""
    if not ROUTINE.search(text) or _NOT.search(text):
        return False
    return names_code(q, code, text) or bool(_CHEMOTHERAPY.search(text) and _CHEMOTHERAPY_CODE.fullmatch(code))


@check
def trial_elements_on_claim(q: Inquiry) -> Fact:
    """Whether the claim carries all of Z00.6, Q0 or Q1, and the trial number REF*P4 (NCD 310.1)."""
    claim, line = q.case.claim, q.subject
    if claim is None or line is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    missing = []
    if "Z006" not in {code.replace(".", "").upper() for code in claim.diagnoses}:
        missing.append("diagnosis Z00.6")
    if not set(line.modifiers) & {"Q0", "Q1"}:
        missing.append("modifier Q0 or Q1")
    if not any(qualifier == "P4" for qualifier, _ in claim.references):
        missing.append("the trial number (REF*P4)")
    values = {"trial_missing": listed(missing), "hcpcs": q.hcpcs, "service_date": day(q.service_date)}
    if missing:
        return no(f"The claim lacks {listed(missing)}", sources.claim_line(q), **values)
    return yes("The claim carries the trial elements", sources.claim_line(q), **values)
