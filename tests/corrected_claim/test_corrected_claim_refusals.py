"""What is never sent: each refusal says what was wrong, where, and what to do."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from evals.corrected_claims.cases import CONTROL
from evals.corrected_claims.samples import crowded, families, plain, replaced_before, secondary
from knowledge.types.corrections import (
    ClaimChange,
    CorrectionMode,
    SetAuthorization,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetPointers,
    SetUnits,
    SplitWaste,
)
from knowledge.types.practice import Payer
from tools.corrected_claim import CorrectionRefused, correct_claim

WHY = "Tried"
AUTHORIZED = SetAuthorization(number="AUTH-77", why=WHY)


def refusal(
    *changes: ClaimChange,
    data: bytes | None = None,
    claim_id: str = "AL-1001",
    mode: CorrectionMode = "replacement",
    number: str = "26079CX4410",
    dose_units: Mapping[str, Decimal] | None = None,
    payer: Payer | None = None,
) -> CorrectionRefused:
    with pytest.raises(CorrectionRefused) as caught:
        correct_claim(
            plain() if data is None else data,
            "march.837",
            claim_id,
            mode,
            number,
            changes,
            CONTROL,
            dose_units=dose_units,
            payer=payer,
        )
    assert caught.value.where.startswith("march.837")
    assert caught.value.to_do
    assert caught.value.what
    return caught.value


# --- never fitted to an authorization


def test_units_of_an_authorization_are_refused_when_the_dose_given_is_another() -> None:
    change = SetUnits(line="1", units=Decimal(200), why="authorization A-1 allows 200 units")
    error = refusal(change, dose_units={"1": Decimal(400)})
    assert error.code == "not-the-dose-given"
    assert "the dose given is 400" in error.what
    assert "never fitted" in error.to_do
    assert "2400 line 1" in error.where


def test_units_are_refused_when_no_dose_given_is_known() -> None:
    assert refusal(SetUnits(line="1", units=Decimal(200), why="authorization")).code == "dose-unknown"


def test_other_units_with_another_code_or_with_waste_are_refused_the_same_way() -> None:
    dose = {"1": Decimal(400)}
    code = SetCode(line="1", hcpcs="J9299", units=Decimal(200), why=WHY)
    assert refusal(code, dose_units=dose).code == "not-the-dose-given"
    waste = SplitWaste(line="1", administered_units=Decimal(200), wasted_units=Decimal(200), why=WHY)
    assert refusal(waste, dose_units=dose).code == "not-the-dose-given"
    assert refusal(waste).code == "dose-unknown"


# --- the file and the claim


@pytest.mark.parametrize(
    ("data", "claim_id", "code"),
    [
        (plain(), "AL-9999", "claim-not-found"),
        (b"", "AL-1001", "claim-not-found"),
        (b"no x12 at all", "AL-1001", "claim-not-found"),
        (families().replace(b"AL-2001", b"AL-2003"), "AL-2003", "claim-found-twice"),
        (plain() + plain(), "AL-1001", "claim-found-twice"),
        (plain()[:700], "AL-1001", "truncated"),
        (plain().replace(b"SE*", b"SX*"), "AL-1001", "truncated"),
        (plain().replace(b"DTP*472*D8*20260316~", b"", 1), "AL-1001", "truncated"),
        (plain()[plain().index(b"ST*") : plain().index(b"GE*")], "AL-1001", "no-envelope"),
        (plain().replace(b"005010X222A1", b"005010X223A2"), "AL-1001", "not-professional"),
        (plain().replace(b"005010X222A1", b"004010X098A1"), "AL-1001", "not-professional"),
        (plain().replace(b"SV1*", b"SV2*"), "AL-1001", "not-professional"),
        (plain().replace(b"HL*2*1*22", b"HL*2*7*22"), "AL-1001", "hierarchy-broken"),
        (plain().replace(b"LX*2", b"LX*1"), "AL-1001", "line-numbers-repeat"),
        (replaced_before().replace(b"11:B:7", b"11:B:8"), "AL-5001", "frequency-not-replaceable"),
        (replaced_before().replace(b"26079CX4410", b"25001CX0001"), "AL-5001", "replaces-another"),
        (replaced_before().replace(b"REF*EA*MRN5", b"REF*G1*THIRD"), "AL-5001", "several-authorizations"),
    ],
)
def test_a_file_or_claim_that_cannot_be_corrected_safely(data: bytes, claim_id: str, code: str) -> None:
    assert refusal(AUTHORIZED, data=data, claim_id=claim_id).code == code


@pytest.mark.parametrize("number", ["", " 26079", "X" * 51, "A*B", "A:B", "A~B", "É1", "A\nB"])
def test_a_payer_claim_number_that_cannot_be_written(number: str) -> None:
    assert refusal(AUTHORIZED, number=number).code == "value-malformed"


@pytest.mark.parametrize("number", ["", "AUTH ", "X" * 51, "A*B", "A:B", "A^B", "A\tB"])
def test_an_authorization_number_that_cannot_be_written(number: str) -> None:
    assert refusal(SetAuthorization(number=number, why=WHY)).code == "value-malformed"


def test_a_void_with_changes_and_a_replacement_without() -> None:
    assert refusal(AUTHORIZED, mode="void").code == "void-with-changes"
    assert refusal().code == "nothing-to-correct"


def test_a_replacement_that_says_what_the_claim_says_already() -> None:
    same = SetCode(line="1", hcpcs="J9271", units=Decimal(400), why=WHY)
    assert refusal(same).code == "nothing-to-correct"


def test_a_replacement_or_void_to_a_payer_that_takes_none() -> None:
    medicare = Payer(id="MEDB", name="Medicare Part B", line_of_business="medicare_ffs")
    assert refusal(AUTHORIZED, payer=medicare).code == "payer-takes-none"
    assert refusal(mode="void", payer=medicare).code == "payer-takes-none"
    strict = Payer(id="CASC1", name="Cascade", line_of_business="commercial", replacement_claims=False)
    assert "reopening" in refusal(AUTHORIZED, payer=strict).to_do


def test_a_payer_of_unknown_habit_is_told_and_one_that_takes_them_is_not() -> None:
    unknown = Payer(id="CASC1", name="Cascade", line_of_business="commercial")
    taking = Payer(id="MEDB", name="Medicare", line_of_business="medicare_ffs", replacement_claims=True)
    for payer, codes in ((unknown, ["replacement-unknown"]), (taking, [])):
        made = correct_claim(
            plain(), "a.837", "AL-1001", "replacement", "26079CX4410", [AUTHORIZED], CONTROL, payer=payer
        )
        assert [finding.code for finding in made.findings] == codes


# --- the changes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ((SetAuthorization(number="A", line="7", why=WHY),), "line-not-found"),
        ((SetModifiers(line="01", add=("KX",), why=WHY),), "line-not-found"),
        ((SetUnits(line="1", units=Decimal(0), why=WHY),), "units-malformed"),
        ((SetUnits(line="1", units=Decimal(-4), why=WHY),), "units-malformed"),
        ((SetUnits(line="1", units=Decimal("1.23456"), why=WHY),), "units-malformed"),
        ((SetCode(line="1", hcpcs="9271", units=Decimal(400), why=WHY),), "code-malformed"),
        ((SetCode(line="1", hcpcs="j9271", units=Decimal(400), why=WHY),), "code-malformed"),
        (
            (SetCode(line="1", hcpcs="J9299", units=Decimal(400), charge=Decimal("1.005"), why=WHY),),
            "charge-malformed",
        ),
        ((SetModifiers(line="1", add=("J",), why=WHY),), "modifier-malformed"),
        ((SetModifiers(line="1", remove=("JW",), why=WHY),), "modifier-not-found"),
        ((SetModifiers(line="1", add=("JW",), why=WHY),), "waste-contradicts"),
        ((SetModifiers(line="1", add=("KX", "GA", "GY", "GZ"), why=WHY),), "modifiers-too-many"),
        ((SetModifiers(line="2", add=("59",), why=WHY),), "person-decides"),
        ((SetModifiers(line="2", add=("XU",), why=WHY),), "person-decides"),
        ((SetNdc(line="1", ndc="0006-3026-02", quantity=Decimal(8), unit="ML", why=WHY),), "ndc-malformed"),
        ((SetNdc(line="1", ndc="0000630260", quantity=Decimal(8), unit="ML", why=WHY),), "ndc-malformed"),
        ((SetNdc(line="1", ndc="00006302602", quantity=Decimal(0), unit="ML", why=WHY),), "ndc-malformed"),
        ((SetNdc(line="1", ndc="00006302602", quantity=Decimal(8), unit="MG", why=WHY),), "ndc-malformed"),
        ((SetDiagnoses(codes=("C3411",), why=WHY),), "person-decides"),
        ((SetPointers(line="1", pointers=(1,), why=WHY),), "person-decides"),
        ((SetDiagnoses(codes=("C34111X9",), why=WHY, decided_by="RQ"),), "diagnosis-malformed"),
        ((SetDiagnoses(codes=("C3411", "C34.11"), why=WHY, decided_by="RQ"),), "diagnosis-malformed"),
        ((SetDiagnoses(codes=("C3411",), why=WHY, decided_by="RQ"),), "pointer-without-diagnosis"),
        ((SetPointers(line="1", pointers=(3,), why=WHY, decided_by="RQ"),), "pointer-without-diagnosis"),
        ((SetPointers(line="1", pointers=(), why=WHY, decided_by="RQ"),), "pointers-malformed"),
        ((AUTHORIZED, SetAuthorization(number="OTHER", why=WHY)), "changes-contradict"),
        (
            (
                SetUnits(line="1", units=Decimal(400), why=WHY),
                SplitWaste(line="1", administered_units=Decimal(400), wasted_units=Decimal(9), why=WHY),
            ),
            "changes-contradict",
        ),
    ],
)
def test_a_change_that_would_not_be_right(changes: tuple[ClaimChange, ...], code: str) -> None:
    assert refusal(*changes, dose_units={"1": Decimal(400)}).code == code


def test_waste_that_does_not_add_up_to_what_was_billed() -> None:
    change = SplitWaste(line="1", administered_units=Decimal(300), wasted_units=Decimal(50), why=WHY)
    assert refusal(change, dose_units={"1": Decimal(300)}).code == "waste-does-not-add-up"


def test_waste_that_is_billed_already() -> None:
    data = plain().replace(b"HC:96413*", b"HC:J9271:JW*")
    change = SplitWaste(line="1", administered_units=Decimal(400), wasted_units=Decimal(50), why=WHY)
    assert refusal(change, data=data, dose_units={"1": Decimal(400)}).code == "waste-billed-already"


def test_one_ndc_quantity_for_two_lines() -> None:
    change = SplitWaste(
        line="1",
        administered_units=Decimal(390),
        wasted_units=Decimal(10),
        wasted_ndc_quantity=Decimal(1),
        why=WHY,
    )
    assert refusal(change, dose_units={"1": Decimal(390)}).code == "ndc-malformed"


def test_a_charge_another_payer_has_adjudicated() -> None:
    change = SetUnits(line="1", units=Decimal(50), why=WHY)
    error = refusal(change, data=secondary(), claim_id="AL-4001", dose_units={"1": Decimal(50)})
    assert error.code == "other-payer-adjudicated"
    other = SetUnits(line="2", units=Decimal(2), why=WHY)
    assert refusal(other, data=secondary(), claim_id="AL-4001", dose_units={"2": Decimal(2)}).code == error.code


def test_a_total_that_was_wrong_before() -> None:
    data = plain().replace(b"22212.5", b"22212.6")
    change = SetUnits(line="1", units=Decimal(200), why=WHY)
    assert refusal(change, data=data, dose_units={"1": Decimal(200)}).code == "total-out-of-balance"


def test_a_product_named_by_something_else_than_one_ndc() -> None:
    change = SetNdc(line="1", ndc="50242013299", quantity=Decimal(3), unit="UN", why=WHY)
    data = crowded().replace(b"LIN**N4*", b"LIN**UP*")
    assert refusal(change, data=data, claim_id="AL-3001").code == "product-qualifier"


def test_minutes_are_not_units() -> None:
    data = plain().replace(b"*21800*UN*", b"*21800*MJ*")
    change = SetUnits(line="1", units=Decimal(200), why=WHY)
    assert refusal(change, data=data, dose_units={"1": Decimal(200)}).code == "units-basis"


def test_a_charge_that_is_no_number() -> None:
    data = plain().replace(b"*21800*UN*", b"*21,800*UN*")
    assert refusal(AUTHORIZED, data=data).code == "value-malformed"
