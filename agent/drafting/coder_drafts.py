"""What a certified coder decides, drafted from the chart: diagnoses, modifiers of separate services, infusion lines.

None of these goes without a person (contract rule 2): the draft shows what the chart would make of the claim.
"""

import re
from decimal import Decimal

from agent.diagnosis.authorization_row import linked_row
from agent.diagnosis.checks.diagnoses import dotless
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import (
    ClaimChange,
    RemoveLine,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetPlace,
    SetPointers,
    SetUnits,
)
from tools.dosing.infusion import infusion_units

_MOST_POINTERS = 4
_SECOND = {"96365": "96367", "96413": "96417", "96374": "96375", "96409": "96411"}
"""What a second first hour, or a second push, of the day is billed as (domain facts 4.5)."""
_OFFICE = re.compile(r"\b(office|clinic|POS:? ?11)\b", re.IGNORECASE)
_HOSPITAL = re.compile(r"\b(hospital|HOPD|outpatient department|POS:? ?(19|22))\b", re.IGNORECASE)
_HOME = re.compile(r"\b(home|POS:? ?12)\b", re.IGNORECASE)


def more_exact_diagnosis(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Write the charted diagnosis in place of the less exact one."""
    return _exchange(c, dotless(c.values.get("claim_diagnoses", "")), dotless(c.values.get("chart_diagnoses", "")))


def charted_diagnosis(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Write the charted diagnosis in place of a mistyped one, where the chart carries just one the payer covers."""
    row, chart = linked_row(c.q), c.q.case.chart
    if row is None or chart is None or c.q.truth("charted-diagnosis-is-authorized") != "confirmed":
        raise NotCorrectable("the charted diagnosis that belongs on the claim must be settled by a coder")
    charted = {
        dotless(found.icd10)
        for found in chart.conditions
        if found.icd10 and found.status not in ("entered-in-error", "refuted", "resolved")
    }
    wanted = {dotless(code) for code in row.diagnosis_codes}
    fits = sorted(code for code in charted if any(code.startswith(each) for each in wanted))
    pointed = [p for p in c.line.diagnosis_pointers if 0 < p <= len(c.claim.diagnoses)]
    if len(fits) != 1 or not pointed:
        raise NotCorrectable(f"{len(fits)} charted diagnoses could belong on the claim: a coder settles which")
    return _exchange(c, dotless(c.claim.diagnoses[pointed[0] - 1]), fits[0])


def _exchange(c: CorrectionCase, sent: str, right: str) -> tuple[ClaimChange, ...]:
    billed = [dotless(code) for code in c.claim.diagnoses]
    if not right or sent not in billed:
        raise NotCorrectable("which diagnosis of the claim is to be changed must be settled by a coder")
    why = f"The chart carries {right}, the claim {sent}"
    if right not in billed:
        codes = tuple(right if code == sent else code for code in billed)
        return (SetDiagnoses(codes=codes, why=why, evidence=c.evidence),)
    place, other = billed.index(sent) + 1, billed.index(right) + 1
    pointers = tuple(dict.fromkeys(other if p == place else p for p in c.line.diagnosis_pointers))
    return (SetPointers(line=c.line.number, pointers=pointers, why=why, evidence=c.evidence),)


def supporting_diagnosis(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Add the further diagnosis the policy wants and the chart carries, and point the line at it."""
    code = dotless(c.values.get("supporting_diagnosis", ""))
    billed = [dotless(each) for each in c.claim.diagnoses]
    if not code or code in billed or len(c.line.diagnosis_pointers) >= _MOST_POINTERS:
        raise NotCorrectable("the further diagnosis the policy wants is not one the chart names by code")
    why = f"The chart carries {code}, which the policy wants beside the cancer diagnosis"
    diagnoses = SetDiagnoses(codes=(*billed, code), why=why, evidence=c.evidence)
    pointers = (*(c.line.diagnosis_pointers or (1,)), len(billed) + 1)
    return diagnoses, SetPointers(line=c.line.number, pointers=pointers, why=why, evidence=c.evidence)


def separate_visit(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Mark the denied visit as separate from the administration of the day (25), where its note shows work apart."""
    if c.q.truth("visit-note-of-the-day") != "confirmed":
        raise NotCorrectable("nothing shows work apart from the treatment: modifier 25 stands on a coder's reading")
    return (_marked(c, c.denied_line, "25", "The note shows a visit apart from the drug given that day"),)


def separate_service(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Mark the denied administration as separate from the one it was bundled into (59)."""
    return (_marked(c, c.denied_line, "59", "The chart shows the two services apart"),)


def unrelated_to_hospice(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Mark the services as unrelated to the terminal illness (GW)."""
    why = "The chart shows treatment of a condition unrelated to the terminal illness"
    return tuple(_marked(c, line, "GW", why) for line in c.claim.lines if "GW" not in line.modifiers)


def _marked(c: CorrectionCase, line: ClaimLine, modifier: str, why: str) -> SetModifiers:
    return SetModifiers(line=line.number, add=(modifier,), why=why, evidence=c.evidence)


def second_infusion(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill a denied second initial service as the one after it, where another of its rank or above stands."""
    line, table = c.denied_line, c.q.codes.administration
    ours, right = table.lookup(line.hcpcs), _SECOND.get(line.hcpcs)
    others = [
        row
        for other in c.claim.lines
        if other.number != line.number and other.start_date == line.start_date
        if (row := table.lookup(other.hcpcs)) is not None and row.role == "initial"
    ]
    chemo = any(row.kind.startswith("chemo_infusion") or (ours and row.kind == ours.kind) for row in others)
    if right is None or not chemo or line.units is None:
        raise NotCorrectable("which infusion of the day came first must be settled from the flow sheet")
    why = f"Another initial service stands for the day; {line.hcpcs} came after it"
    return (SetCode(line=line.number, hcpcs=right, units=line.units, why=why, evidence=c.evidence),)


def infusion_hours(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill the further hours the charted times come to."""
    line, hours = c.denied_line, timed_units(c.q)
    units = hours.get(line.number)
    if units is None or units == line.units:
        raise NotCorrectable("start and stop of the infusion do not give the hours: get the flow sheet")
    if units <= 0:
        return _no_further_hour(c, line)
    why = f"The charted time comes to {units} further hours"
    return (SetUnits(line=line.number, units=units, why=why, evidence=c.evidence),)


def _no_further_hour(c: CorrectionCase, line: ClaimLine) -> tuple[ClaimChange, ...]:
    """Take off the line of further hours that the charted time does not reach."""
    if len(c.claim.lines) < 2:
        raise NotCorrectable("the charted time supports no further hour, and nothing else is billed: void the claim")
    why = "The charted time comes to no further hour"
    return (RemoveLine(line=line.number, why=why, evidence=c.evidence),)


def timed_units(q: Inquiry) -> dict[str, Decimal]:
    """Return, by LX01, the further hours of the denied line by its longest infusion; empty without charted times."""
    line, chart = q.case.line, q.case.chart
    row = q.codes.administration.lookup(line.hcpcs) if line is not None else None
    if line is None or chart is None or row is None or row.role != "further_hour":
        return {}
    doses = [dose for dose in chart.doses if dose.day == line.start_date and dose.status in ("completed", "")]
    minutes = [int((d.stop - d.start).total_seconds() // 60) for d in doses if d.start and d.stop]
    if not doses or len(minutes) < len(doses) or max(minutes) <= 0:
        return {}
    return {line.number: Decimal(infusion_units(max(minutes)).further_hours)}


def charted_place(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Write the place the records of the day name, where they name one."""
    fact = c.q.fact("place-was-keyed-wrong")
    words = fact.values.get("place_words", "")
    places = [code for code, said in (("11", _OFFICE), ("22", _HOSPITAL), ("12", _HOME)) if said.search(words)]
    if fact.truth != "confirmed" or len(places) != 1 or places == ["22"]:
        raise NotCorrectable("the place of service code must be settled by a person")
    return (SetPlace(place=places[0], why=f"The records of the day say: {words}", evidence=c.evidence),)
