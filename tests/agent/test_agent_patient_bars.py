"""No path asks a patient for what the payer did not put on the patient, nor one whom the law protects."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import get_args

import pikepdf
import pytest
from agent_builders import AS_OF, CASCADE, CATALOGUE, MEDICARE, SERVED, asked, case, claim, coverage, diagnosed, line
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.closing.bars import patient_bars
from agent.closing.memo import closing_memo, closing_page
from agent.decision import decide
from agent.diagnosis.case import Case
from agent.diagnosis.remedies import choose_remedy, other_remedies
from agent.drafting.letters import KINDS, addressee
from knowledge.types.denial import DenialAdjustment
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Payer

MEDICAID = Payer(id="MCD", name="State Medical Assistance", line_of_business="medicaid")
MANAGED = Payer(id="MCO", name="State Managed Care", line_of_business="medicaid_mco")
EXCLUDED = case("PR-204", ("N130",))


def with_groups(of: Case, *codes: str) -> Case:
    pairs = [code.split("-") for code in codes]
    held = tuple(DenialAdjustment(group=group, carc=carc, amount=Decimal("100.00")) for group, carc in pairs)
    return replace(of, denial=of.denial.model_copy(update={"adjustments": held}))


def codes_of(of: Case) -> set[str]:
    return {bar.code for bar in patient_bars(of)}


GROUPS = st.lists(st.sampled_from(["CO-45", "CO-27", "PI-96", "OA-18", "PR-204", "PR-27", "PR-96"]), max_size=3)
REMARKS = st.lists(st.sampled_from(["N130", "N781", "N192", "N30", "N425", "MA01"]), max_size=3, unique=True)
PLANS = st.sampled_from([None, "medicaid", "medicaid_mco", "hospice", "snf", "commercial"])


@settings(max_examples=60, deadline=None)
@given(
    GROUPS, REMARKS, st.sampled_from([CASCADE, MEDICARE, MEDICAID, MANAGED]), PLANS, st.sampled_from(CATALOGUE.causes)
)
def test_no_answer_bills_a_patient_who_is_protected(
    codes: list[str], remarks: list[str], payer: Payer, plan: str | None, cause: object
) -> None:
    rows = (coverage("OTHER", plan_type=plan),) if plan else ()
    of = with_groups(case("PR-204", tuple(remarks), payer=payer, coverage=rows), *codes)
    protected = (
        not codes
        or any(not code.startswith("PR") for code in codes)
        or bool({"N781", "N192"} & set(remarks))
        or payer in (MEDICAID, MANAGED)
        or plan in ("medicaid", "medicaid_mco", "hospice", "snf")
    )
    assert bool(patient_bars(of)) >= protected
    entry = next(each for each in CATALOGUE.causes if each is cause)
    remedy, then = choose_remedy(asked(of), entry)
    proposed = {remedy, then, *other_remedies(asked(of), entry, remedy)}
    forced = diagnosed(of).model_copy(
        update={"remedy": "bill_patient", "then": "bill_patient", "other_remedies": ("bill_patient",)}
    )
    decision = decide(of, forced, AS_OF)
    if protected:
        assert "bill_patient" not in proposed
        assert "bill_patient" not in (decision.remedy, decision.then)
        assert "patient-protected" in {reason.code for reason in decision.review_reasons}


def test_a_share_the_payer_put_on_the_patient_may_be_asked_when_nothing_bars_it() -> None:
    assert patient_bars(EXCLUDED) == ()
    forced = diagnosed(EXCLUDED).model_copy(update={"remedy": "bill_patient"})
    assert decide(EXCLUDED, forced, AS_OF).remedy == "bill_patient"


def test_coverage_that_ended_before_the_day_bars_nothing() -> None:
    ended = coverage("MCD", plan_type="medicaid", end_date=date(2025, 12, 31))
    assert codes_of(replace(EXCLUDED, coverage=(ended,))) == set()
    open_row = coverage("MCD", plan_type="medicaid")
    assert codes_of(replace(EXCLUDED, coverage=(open_row,))) == {"medicaid"}


def test_medicaid_known_by_payers_yaml_alone_bars_too() -> None:
    of = replace(EXCLUDED, coverage=(coverage("MCD"),), payers=(CASCADE, MEDICAID))
    (bar,) = patient_bars(of)
    assert "State Medical Assistance" in bar.says
    assert "447.15" in bar.source


@pytest.mark.parametrize(
    ("modifiers", "wanted"),
    [((), {"no-notice"}), (("GA",), set()), (("GZ",), {"gz", "no-notice"}), (("GY",), {"no-notice"})],
)
def test_medicare_necessity_needs_a_signed_notice(modifiers: tuple[str, ...], wanted: set[str]) -> None:
    sent = claim(line(modifiers=modifiers))
    assert codes_of(case("PR-50", sent=sent, payer=MEDICARE)) == wanted


def test_no_letter_is_written_for_a_remedy_that_closes_and_none_goes_to_the_patient() -> None:
    assert not {"write_off", "close", "bill_patient", "refund"} & set(KINDS)
    of = case("CO-27", coverage=(coverage(), coverage("OTHER")))
    assert of.claim is not None
    patient = {of.claim.patient_last.casefold(), of.claim.patient_first.casefold()}
    for remedy in get_args(Remedy):
        named = addressee(of, diagnosed(of), remedy).casefold()
        assert not patient & set(named.split())


@pytest.mark.parametrize("remedy", ["write_off", "close", "bill_patient", "refund"])
def test_the_memo_is_one_page_and_says_what_the_patient_is_never_billed(remedy: Remedy) -> None:
    of = case("CO-29", ("N781",))
    found = diagnosed(of)
    decision = decide(of, found, AS_OF).model_copy(update={"remedy": remedy})
    pdf = closing_memo(of, found, decision, AS_OF)
    assert pdf == closing_memo(of, found, decision, AS_OF)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
    never = next(s for s in closing_page(of, found, decision, AS_OF, 3).sections if s.heading.startswith("Never"))
    assert len(never.points) == 2
    assert "$22,800.00" in never.points[0]
    assert "CO-29" in never.points[0]
    assert SERVED
