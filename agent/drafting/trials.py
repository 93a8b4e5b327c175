"""A claim of a clinical trial: the trial's number, the diagnosis of a participant, Q1 on what is routine care.

A coder decides (contract rule 2); the draft shows what the chart's own words make of the claim. The condition code of
a trial (30) belongs on facility claims: a professional claim carries the three elements above (NCD 310.1, Medicare
claims manual 32, section 69).
"""

import re

from agent.diagnosis.checks.diagnoses import dotless
from agent.diagnosis.checks.trial import NCT, says_routine
from agent.diagnosis.given import names_code
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, SetDiagnoses, SetModifiers, SetPointers, SetTrial
from tools.chart.sentences import sentences

_PARTICIPANT = "Z006"
_STUDIED = re.compile(
    r"\b(?:is|are|as) (?:the |an? )?(?:investigational|study (?:drug|agent|medication))\b", re.IGNORECASE
)
_MOST_DIAGNOSES, _MOST_POINTERS = 12, 4


def trial_elements(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Add what a trial's claim must carry and this one lacks; NotCorrectable where the consent does not say it."""
    number = _number(c)
    line = c.line
    routine = _routine(c, number)
    if not routine:
        raise NotCorrectable(f"the chart does not say of {line.hcpcs} whether it is routine care (Q1) or studied (Q0)")
    why = f"The consent to NCT{number} calls it routine care"
    marked = [each for each in c.claim.lines if each.number in routine and not set(each.modifiers) & {"Q0", "Q1"}]
    changes: list[ClaimChange] = [
        SetModifiers(line=each.number, add=("Q1",), why=why, evidence=c.evidence) for each in marked
    ]
    changes += _participant(c, [each for each in c.claim.lines if each.number in routine], number)
    changes.append(
        SetTrial(number=number, why=f"The chart names trial NCT{number}, and only that one", evidence=c.evidence)
    )
    return tuple(changes)


def _number(c: CorrectionCase) -> str:
    chart, served = c.q.case.chart, c.q.service_date
    named = {
        match.group(1)
        for document in (chart.documents if chart is not None else ())
        if document.day is None or served is None or document.day <= served
        for match in NCT.finditer(document.text)
    }
    if len(named) != 1:
        raise NotCorrectable(f"the chart names {len(named)} trials: which one the day belongs to must be settled")
    return named.pop()


def _routine(c: CorrectionCase, number: str) -> frozenset[str]:
    """Return the lines (LX01) that the trial's documents call routine: drugs they name, and what gave those drugs.

    A drug that a sentence calls the study's own is left open. Other lines stay as they were sent.
    """
    said = _sentences(c, number)
    routine = {
        line.number
        for line in c.claim.lines
        if _is_drug(c, line) and any(says_routine(c.q, line.hcpcs, text) for text in said)
    }
    studied = {
        line.number
        for line in c.claim.lines
        if any(names_code(c.q, line.hcpcs, text) for text in said if _STUDIED.search(text))
    }
    drugs = routine - studied
    if c.line.number not in drugs:
        return frozenset()
    given = {line.number for line in c.claim.lines if c.q.codes.administration.lookup(line.hcpcs) is not None}
    other_drugs = {line.number for line in c.claim.lines if _is_drug(c, line)} - drugs
    return frozenset(drugs | (given if not other_drugs else set()))


def _is_drug(c: CorrectionCase, line: ClaimLine) -> bool:
    return line.start_date is not None and c.q.codes.hcpcs.lookup(line.hcpcs, line.start_date) is not None


def _sentences(c: CorrectionCase, number: str) -> list[str]:
    chart, served = c.q.case.chart, c.q.service_date
    return [
        " ".join(sentence.text.split())
        for document in (chart.documents if chart is not None else ())
        if (document.day is None or served is None or document.day <= served)
        and any(match.group(1) == number for match in NCT.finditer(document.text))
        for sentence in sentences(document.text)
    ]


def _participant(c: CorrectionCase, lines: list[ClaimLine], number: str) -> list[ClaimChange]:
    """Add Z00.6 after the cancer diagnosis, and point the trial's lines at it as far as there is room."""
    billed = [dotless(each) for each in c.claim.diagnoses]
    why = f"The patient takes part in NCT{number}"
    changes: list[ClaimChange] = []
    place = billed.index(_PARTICIPANT) + 1 if _PARTICIPANT in billed else len(billed) + 1
    if _PARTICIPANT not in billed:
        if len(billed) >= _MOST_DIAGNOSES:
            raise NotCorrectable("no room is left on the claim for Z00.6: a coder says what it takes the place of")
        changes.append(SetDiagnoses(codes=(*billed, _PARTICIPANT), why=why, evidence=c.evidence))
    for line in lines:
        if place not in line.diagnosis_pointers and 0 < len(line.diagnosis_pointers) < _MOST_POINTERS:
            pointers = (*line.diagnosis_pointers, place)
            changes.append(SetPointers(line=line.number, pointers=pointers, why=why, evidence=c.evidence))
    return changes
