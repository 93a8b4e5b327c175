"""Drafts for a coder from the chart alone: trial claims, anemia drugs, waste; units stay those of the dose."""

from datetime import date
from decimal import Decimal

import pytest
from agent_builders import CATALOGUE, MEDICARE, auth, case, chart, claim, condition, dose, line, note
from corrections_made import made, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.approving.authority import needed
from agent.drafting.correction_case import NotCorrectable
from knowledge.types.chart import Amount, Observation
from knowledge.types.corrections import (
    DiffRow,
    RemoveLine,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetPointers,
    SetTestResult,
    SetTrial,
    SetUnits,
    SplitWaste,
)

CONSENT = "Consented to NCT04567890. Pembrolizumab and its infusion are routine care; the sponsor pays the study pill."


def hemoglobin(value: str, on: date = date(2026, 3, 15)) -> Observation:
    amount = Amount(value=Decimal(value), unit="g/dL")
    return Observation(resource=f"Observation/{value}-{on}", loinc="718-7", day=on, value=amount)


def trial(text: str = CONSENT) -> object:
    sent = claim(line(diagnosis_pointers=(1,)), line(1, "2", hcpcs="96413", modifiers=(), drug=None))
    return made(
        case("CO-16", ("MA97",), sent=sent, chart=chart(dose(), documents=(note("Consent", text=text),))), CAUSE
    )


CAUSE = "clinical-trial-claim-incomplete"


def test_a_trial_claim_gets_number_diagnosis_and_q1_on_what_the_consent_calls_routine() -> None:
    changes = trial()
    assert isinstance(changes, tuple)
    marked = [(c.line, c.add) for c in changes if isinstance(c, SetModifiers)]
    assert marked == [("1", ("Q1",)), ("2", ("Q1",))]
    assert [c.codes for c in changes if isinstance(c, SetDiagnoses)] == [("C3490", "Z006")]
    assert [(c.line, c.pointers) for c in changes if isinstance(c, SetPointers)] == [("1", (1, 2))]
    assert [c.number for c in changes if isinstance(c, SetTrial)] == ["04567890"]


@pytest.mark.parametrize(
    "text",
    [
        "Consented to NCT04567890.",
        "Consented to NCT04567890. Pembrolizumab is not routine care.",
        "Consented to NCT04567890. Pembrolizumab is the investigational drug. Pembrolizumab is routine care.",
        f"{CONSENT} Earlier trial NCT01111111.",
    ],
)
def test_a_consent_that_leaves_it_open_is_for_a_person(text: str) -> None:
    with pytest.raises(NotCorrectable):
        trial(text)


def anemic(*labs: Observation, codes: tuple[str, ...] = ("D64.81",), medicare: bool = False) -> object:
    sent = claim(line(60, hcpcs="J0881", modifiers=(), diagnosis_pointers=(1,)))
    of = chart(conditions=tuple(condition(code) for code in codes), observations=labs)
    found = case("CO-16", sent=sent, chart=of, **({"payer": MEDICARE} if medicare else {}))
    return made(found, "esa-rules")


def test_an_anemia_drug_is_marked_by_the_charted_reason_and_medicare_told_the_hemoglobin() -> None:
    changes = anemic(hemoglobin("9.1"), medicare=True)
    assert isinstance(changes, tuple)
    assert [type(change) for change in changes] == [SetModifiers, SetDiagnoses, SetPointers, SetTestResult]
    assert changes[0].add == ("EA",)
    assert changes[1].codes == ("C3490", "D6481")
    assert changes[3].value == Decimal("9.1")
    kidney = anemic(hemoglobin("9.1"), codes=("D63.1",))
    assert isinstance(kidney, tuple)
    assert kidney[0].add == ("EC",)


@pytest.mark.parametrize(
    ("labs", "codes"),
    [
        ((hemoglobin("10.0"),), ("D64.81",)),
        ((), ("D64.81",)),
        ((hemoglobin("9.1"), hemoglobin("10.4")), ("D64.81",)),
        ((hemoglobin("9.1"),), ()),
        ((hemoglobin("9.1"),), ("D64.81", "D63.1")),
        ((hemoglobin("9.1", date(2026, 3, 17)),), ("D64.81",)),
    ],
)
def test_a_hemoglobin_or_reason_that_is_open_is_for_a_person(
    labs: tuple[Observation, ...], codes: tuple[str, ...]
) -> None:
    with pytest.raises(NotCorrectable):
        anemic(*labs, codes=codes)


AUTHORIZATION = [each.id for each in CATALOGUE.causes if each.category == "authorization"]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(AUTHORIZATION), st.integers(1, 900), st.sampled_from(["dose", "total"]))
def test_no_correction_of_an_authorization_denial_changes_units_when_the_dose_given_was_billed(
    cause: str, allowed: int, per: str
) -> None:
    of = case("CO-198", auths=(auth(quantity=Decimal(allowed), per=per),), chart=chart(dose()))
    try:
        changes = made(of, cause)
    except NotCorrectable:
        return
    assert not [c for c in changes if isinstance(c, SetUnits | SplitWaste | RemoveLine)]
    assert all(c.units == 400 for c in changes if isinstance(c, SetCode))


def test_a_line_taken_off_needs_a_coder_or_a_manager() -> None:
    gone = DiffRow(loop="2400 line 3", segment="SV1", before="SV1*HC:96415*240*UN*1***1", after=None, why="Not charted")
    assert {role for row in needed("corrected_claim", (gone,)) if row.value == "line-off" for role in row.roles} == {
        "coder",
        "manager",
    }


def test_waste_billed_that_the_chart_says_was_none_is_taken_off_and_the_dose_marked() -> None:
    sent = claim(line(modifiers=()), line(100, "2", modifiers=("JW",)))
    changes = made(case("CO-16", sent=sent, denied=1, chart=chart(dose(400, 0))), "waste-units-wrong")
    assert [(type(change), change.line) for change in changes] == [(RemoveLine, "2"), (SetModifiers, "1")]
    assert refused(case("CO-16", sent=sent, denied=1, chart=chart(dose(400))), "waste-units-wrong")
