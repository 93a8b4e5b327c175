"""The modifier an anemia drug's line carries: EA, EB or EC by why the patient is anemic. A coder decides."""

from decimal import Decimal

from agent.diagnosis.checks.diagnoses import dotless
from agent.diagnosis.checks.supportive import ESA_BY_REASON, ESA_CEILING, HEMOGLOBIN
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.chart import Chart, Observation
from knowledge.types.corrections import ClaimChange, SetDiagnoses, SetModifiers, SetPointers, SetTestResult

_MOST_DIAGNOSES, _MOST_POINTERS = 12, 4
_RULED_OUT = ("entered-in-error", "refuted", "resolved", "inactive")
_STATES_RESULT = frozenset({"medicare_ffs", "medicare_advantage"})
"""Lines of business whose ESA claims state the newest hemoglobin or hematocrit (Medicare claims manual 17, 80.12)."""


def anemia_modifier(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Mark why the patient is anemic, where the chart's own diagnosis says it and the hemoglobin was below 10 g/dL.

    EA: anemia of chemotherapy (D64.81). EC: anemia of kidney disease (D63.1) and none of chemotherapy. EB, anemia of
    radiotherapy, has no diagnosis of its own: that is a coder's from the note (NCD 110.21; domain facts 6, RC56).
    The diagnosis goes onto the claim where it is not there, and Medicare is told the hemoglobin (MEA*TR*R1).
    """
    chart, line = c.q.case.chart, c.line
    if chart is None:
        raise NotCorrectable("why the patient is anemic must be seen from the chart, which is not at hand")
    value = _hemoglobin(c, chart)
    charted = {dotless(found.icd10) for found in chart.conditions if found.icd10 and found.status not in _RULED_OUT}
    reasons = {code: mark for code, mark in ESA_BY_REASON.items() if code in charted}
    if len(reasons) != 1:
        found = " and ".join(sorted(reasons)) or "no diagnosis of anemia of chemotherapy or of kidney disease"
        raise NotCorrectable(f"the chart carries {found}: a coder settles EA, EB or EC from the note")
    code, mark = next(iter(reasons.items()))
    why = f"The chart carries {code[:3]}.{code[3:]}; hemoglobin {value} g/dL before the dose"
    changes: list[ClaimChange] = [SetModifiers(line=line.number, add=(mark,), why=why, evidence=c.evidence)]
    changes += _diagnosis(c, code, why)
    payer = c.q.case.payer
    if payer is not None and payer.line_of_business in _STATES_RESULT:
        changes.append(SetTestResult(line=line.number, test="R1", value=value, why=why, evidence=c.evidence))
    return tuple(changes)


def _hemoglobin(c: CorrectionCase, chart: Chart) -> Decimal:
    """Return the newest hemoglobin by the day of service; NotCorrectable unless it is one value below 10 g/dL."""
    served = c.q.service_date
    found: list[Observation] = [
        item
        for item in chart.observations
        if item.loinc == HEMOGLOBIN
        and item.value is not None
        and item.day is not None
        and served is not None
        and item.day <= served
    ]
    if not found:
        raise NotCorrectable("no hemoglobin by the day of service is charted: get it before the claim goes again")
    newest = max(str(item.day) for item in found)
    values = {item.value.value for item in found if str(item.day) == newest and item.value is not None}
    if len(values) != 1 or None in values:
        raise NotCorrectable(f"the chart holds {len(values)} hemoglobins of {newest}: which was before the dose?")
    value = values.pop()
    assert value is not None
    if value >= ESA_CEILING:
        raise NotCorrectable(f"hemoglobin was {value} g/dL on {newest}, not below 10: a marked line is denied again")
    return value


def _diagnosis(c: CorrectionCase, code: str, why: str) -> tuple[ClaimChange, ...]:
    billed = [dotless(each) for each in c.claim.diagnoses]
    pointers = c.line.diagnosis_pointers
    if code in billed:
        place = billed.index(code) + 1
        if place in pointers or len(pointers) >= _MOST_POINTERS:
            return ()
        return (SetPointers(line=c.line.number, pointers=(*pointers, place), why=why, evidence=c.evidence),)
    if len(billed) >= _MOST_DIAGNOSES or len(pointers) >= _MOST_POINTERS:
        raise NotCorrectable(f"no room is left on the claim for {code}: a coder says what it takes the place of")
    diagnoses = SetDiagnoses(codes=(*billed, code), why=why, evidence=c.evidence)
    wanted = (*(pointers or (1,)), len(billed) + 1)
    return diagnoses, SetPointers(line=c.line.number, pointers=wanted, why=why, evidence=c.evidence)
