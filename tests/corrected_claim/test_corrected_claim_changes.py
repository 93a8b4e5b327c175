"""What each kind of change does to the claim."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.corrected_claims.cases import CONTROL
from evals.corrected_claims.samples import (
    bare,
    claim,
    crowded,
    drug_line,
    plain,
    provider,
    replaced_before,
    subscriber,
    written,
)
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.corrections import (
    ChargeRule,
    ClaimChange,
    CorrectedClaim,
    SetAuthorization,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetPointers,
    SetUnits,
    SplitWaste,
)
from tools.corrected_claim import correct_claim
from tools.corrected_claim.charges import share
from tools.x12.claims import read_claims

WHY = "The flowsheet says so"


def correct(
    data: bytes,
    claim_id: str,
    *changes: ClaimChange,
    dose_units: Mapping[str, str] | None = None,
    rule: ChargeRule = "unit_price",
) -> CorrectedClaim:
    given_units = {line: Decimal(units) for line, units in (dose_units or {}).items()}
    return correct_claim(data, "a.837", claim_id, "replacement", "26079CX4410", changes, CONTROL, rule, given_units)


def lines_of(made: CorrectedClaim) -> tuple[ClaimLine, ...]:
    read = next(iter(read_claims(made.edi, "made.837")))
    assert isinstance(read, SubmittedClaim)
    return read.lines


def oxaliplatin(units: str = "310", charge: str = "961", quantity: str = "40*ML", mods: str = "") -> bytes:
    lines = drug_line(1, "AL-9-1", f"HC:J9263{mods}*{charge}*UN*{units}", "00409023301", quantity)
    lines += drug_line(2, "AL-9-2", "HC:J2469*25*UN*10", "00409023302", "5*ML")
    total = str(Decimal(charge) + 25)
    return written([*provider(1), *subscriber(2, 1, "ADEYEMI", "M9"), *claim("AL-9", total, lines)])


# --- authorization


def test_an_authorization_in_place_is_replaced_where_it_stands() -> None:
    made = correct(replaced_before(), "AL-5001", SetAuthorization(number="NEW-1", why=WHY)).edi.decode()
    assert "REF*G1*NEW-1~REF*F8*26079CX4410~REF*EA*MRN5" in made
    assert "OLD-AUTH" not in made


def test_a_line_that_keeps_another_authorization_is_pointed_out() -> None:
    made = correct(replaced_before(), "AL-5001", SetAuthorization(number="NEW-1", why=WHY))
    assert [finding.code for finding in made.findings] == ["line-authorization-differs"]
    assert "REF*G1*LINE-AUTH" in made.edi.decode()


def test_a_line_authorization_goes_before_the_line_control() -> None:
    made = correct(crowded(), "AL-3001", SetAuthorization(number="NEW-1", line="1", why=WHY)).edi.decode()
    assert "REF*9B*RPL1~REF*G1*NEW-1~REF*6R*AL-3001-LINE-CONTROL-NUMBER-30" in made


def test_a_line_authorization_of_another_payer_stays_beside_ours() -> None:
    data = replaced_before().replace(b"REF*G1*LINE-AUTH", b"REF*G1*LINE-AUTH**2U:MEDB")
    made = correct(data, "AL-5001", SetAuthorization(number="NEW-1", line="1", why=WHY)).edi.decode()
    assert "REF*G1*LINE-AUTH**2U:MEDB~REF*G1*NEW-1~REF*6R*AL-5001-1" in made


# --- units, code, charge


def test_units_of_the_dose_keep_the_price_per_unit_and_the_total_follows() -> None:
    made = correct(plain(), "AL-1001", SetUnits(line="1", units=Decimal(200), why=WHY), dose_units={"1": "200"})
    text = made.edi.decode()
    assert "SV1*HC:J9271:JZ*10900*UN*200***1" in text
    assert "CLM*AL-1001*11312.5*" in text
    assert [finding.code for finding in made.findings] == ["ndc-quantity-as-sent"]


def test_a_charge_that_does_not_divide_is_rounded_to_the_cent_and_told() -> None:
    made = correct(crowded(), "AL-3001", SetUnits(line="1", units=Decimal(42), why=WHY), dose_units={"1": "42"})
    assert "SV1*HC:J9355:JZ*4665.11*UN*42*19" in made.edi.decode()  # 4998.33 / 45 * 42 = 4665.108
    assert "charge-rounded" in [finding.code for finding in made.findings]
    assert "CLM*AL-3001*22975.11*" in made.edi.decode()


def test_under_keep_the_charge_stays_when_units_change() -> None:
    change = SetUnits(line="1", units=Decimal(200), why=WHY)
    text = correct(plain(), "AL-1001", change, dose_units={"1": "200"}, rule="keep").edi.decode()
    assert "SV1*HC:J9271:JZ*21800*UN*200***1" in text
    assert "CLM*AL-1001*22212.5*" in text


def test_money_is_written_with_cents_where_the_sender_does() -> None:
    data = oxaliplatin(charge="961.00").replace(b"986.00", b"986")
    change = SetUnits(line="1", units=Decimal(620), why=WHY)
    assert b"*1922.00*UN*620*" in correct(data, "AL-9", change, dose_units={"1": "620"}).edi


def test_a_code_changes_alone_and_keeps_modifiers_charge_and_description() -> None:
    text = correct(crowded(), "AL-3001", SetCode(line="2", hcpcs="J9274", units=Decimal(1), why=WHY)).edi.decode()
    assert "SV1*HC:J9274:::::TEBENTAFUSP 68 MCG*18000*UN*1***1" in text


def test_a_code_of_another_unit_keeps_the_charge_and_says_so() -> None:
    change = SetCode(line="1", hcpcs="J9045", units=Decimal(13), why=WHY)
    made = correct(oxaliplatin(), "AL-9", change, dose_units={"1": "13"})
    assert "SV1*HC:J9045*961*UN*13***1" in made.edi.decode()
    assert [finding.code for finding in made.findings] == ["charge-kept", "ndc-quantity-as-sent"]


def test_a_code_with_its_own_charge_takes_it_and_the_total_follows() -> None:
    change = SetCode(line="1", hcpcs="J9045", units=Decimal(310), charge=Decimal("50.10"), why=WHY)
    text = correct(oxaliplatin(), "AL-9", change).edi.decode()
    assert "SV1*HC:J9045*50.1*UN*310***1" in text
    assert "CLM*AL-9*75.1*" in text


# --- modifiers


@pytest.mark.parametrize(
    ("add", "remove", "expected"),
    [
        (("JG",), (), "HC:J9271:JZ:JG"),
        ((), ("JZ",), "HC:J9271"),
        (("JW",), ("JZ",), "HC:J9271:JW"),
    ],
)
def test_modifiers_are_taken_off_then_added(add: tuple[str, ...], remove: tuple[str, ...], expected: str) -> None:
    made = correct(plain(), "AL-1001", SetModifiers(line="1", add=add, remove=remove, why=WHY))
    assert f"SV1*{expected}*21800" in made.edi.decode()


def test_a_modifier_before_a_description_keeps_the_description_in_its_place() -> None:
    text = correct(crowded(), "AL-3001", SetModifiers(line="2", add=("JZ",), why=WHY)).edi.decode()
    assert "SV1*HC:J9999:JZ::::TEBENTAFUSP 68 MCG*18000" in text


def test_modifier_59_goes_on_when_a_coder_decided() -> None:
    change = SetModifiers(line="2", add=("59",), why=WHY, decided_by="R. Quist, CPC")
    assert "SV1*HC:96413:59*412.5" in correct(plain(), "AL-1001", change).edi.decode()


# --- waste


def split(given: str, wasted: str) -> SplitWaste:
    return SplitWaste(line="1", administered_units=Decimal(given), wasted_units=Decimal(wasted), why=WHY)


def test_waste_that_was_not_billed_gets_its_line_after_the_drug() -> None:
    made = correct(oxaliplatin(), "AL-9", split("310", "90"), dose_units={"1": "310"})
    first, waste, other = lines_of(made)
    assert (first.units, first.charge, first.modifiers, first.line_control) == (310, 961, (), "AL-9-1")
    assert (waste.units, waste.charge, waste.modifiers) == (90, 279, ("JW",))
    assert (waste.number, waste.line_control, waste.start_date) == ("2", "AL-9-1W", first.start_date)
    assert (other.number, other.line_control, other.charge) == ("3", "AL-9-2", 25)
    assert "CLM*AL-9*1265*" in made.edi.decode()


def test_waste_billed_with_the_dose_is_taken_out_of_it_without_a_cent_lost() -> None:
    data = oxaliplatin(units="400", charge="1000.01", quantity="40*ML", mods=":JZ")
    made = correct(data, "AL-9", split("310", "90"), dose_units={"1": "310"})
    first, waste, _ = lines_of(made)
    assert first.charge + waste.charge == Decimal("1000.01")
    assert (first.charge, waste.charge) == (Decimal("775.01"), Decimal("225"))
    assert first.modifiers == ()
    assert first.drug is not None
    assert waste.drug is not None
    assert (first.drug.quantity, waste.drug.quantity) == (31, 9)
    assert "charge-rounded" in [finding.code for finding in made.findings]


def test_ndc_quantities_given_for_both_lines_are_written() -> None:
    change = split("310", "90").model_copy(
        update={"administered_ndc_quantity": Decimal("3.1"), "wasted_ndc_quantity": Decimal("0.9")}
    )
    first, waste, _ = lines_of(correct(oxaliplatin(), "AL-9", change, dose_units={"1": "310"}))
    assert first.drug is not None
    assert waste.drug is not None
    assert (first.drug.quantity, waste.drug.quantity) == (Decimal("3.1"), Decimal("0.9"))


def test_the_added_line_has_a_line_control_of_thirty_characters_at_most_and_its_own() -> None:
    data = crowded().replace(b"REF*6R*AL-3001-3", b"REF*6R*AL-3001-LINE-CONTROL-NUMBER-3W")
    first, waste, *_ = lines_of(correct(data, "AL-3001", split("45", "5"), dose_units={"1": "45"}))
    assert first.line_control == "AL-3001-LINE-CONTROL-NUMBER-30"
    assert waste.line_control == "AL-3001-LINE-CONTROL-NUMBER-W2"
    assert waste.providers == first.providers


def test_waste_of_a_line_without_ndc_or_line_control_adds_none() -> None:
    change = SplitWaste(line="1", administered_units=Decimal(120), wasted_units=Decimal(8), why=WHY)
    text = correct(bare(), "AL-6001", change, dose_units={"1": "120"}).edi.decode()
    assert "LX*1~SV1*HC:J9171*480*UN*120***1~DTP*472*D8*20260316~" in text
    assert "LX*2~SV1*HC:J9171:JW*32*UN*8***1~DTP*472*D8*20260316~SE*" in text


@given(
    cents=st.integers(0, 10_000_000),
    part=st.integers(1, 5000),
    rest=st.integers(1, 5000),
)
def test_a_share_of_money_is_within_half_a_cent_and_says_when_it_is_exact(cents: int, part: int, rest: int) -> None:
    amount = Decimal(cents) / 100
    value, exact = share(amount, Decimal(part), Decimal(part + rest))
    true = Fraction(amount) * part / (part + rest)
    assert abs(Fraction(value) - true) <= Fraction(1, 200)
    assert exact == (Fraction(value) == true)


@given(
    cents=st.integers(1, 5_000_000),
    given_units=st.integers(1, 900),
    wasted=st.integers(1, 400),
    together=st.booleans(),
)
def test_a_split_keeps_the_price_per_unit_and_its_total(
    cents: int, given_units: int, wasted: int, together: bool
) -> None:
    sent = given_units + wasted * together
    charge = Decimal(cents) / 100
    data = oxaliplatin(units=str(sent), charge=str(charge))
    made = correct(data, "AL-9", split(str(given_units), str(wasted)), dose_units={"1": str(given_units)})
    first, waste, _ = lines_of(made)
    price = Fraction(charge) / sent
    assert abs(Fraction(first.charge + waste.charge) - price * (given_units + wasted)) <= Fraction(1, 200)
    assert abs(Fraction(waste.charge) - price * wasted) <= Fraction(1, 100)
    if together:
        assert first.charge + waste.charge == charge


# --- product


def test_a_product_is_named_before_the_line_s_providers() -> None:
    change = SetNdc(line="3", ndc="00409023301", quantity=Decimal("2.50"), unit="ML", why=WHY)
    text = correct(crowded(), "AL-3001", change).edi.decode()
    assert "REF*6R*AL-3001-3~LIN**N4*00409023301~CTP****2.5*ML~SE*" in text


def test_a_product_that_is_wrong_is_replaced_in_place_and_its_prescription_number_stays() -> None:
    change = SetNdc(line="1", ndc="50242013299", quantity=Decimal(3), unit="UN", why=WHY)
    made = correct(crowded(), "AL-3001", change)
    assert "LIN**N4*50242013299~CTP****3*UN~REF*XZ*RX5519" in made.edi.decode()
    assert [(row.loop, row.element) for row in made.diff if row.segment in ("LIN", "CTP")] == [("2410 line 1", "LIN03")]


def test_a_product_set_and_split_at_once_counts_for_both_lines() -> None:
    product = SetNdc(line="1", ndc="00409023399", quantity=Decimal(4), unit="UN", why=WHY)
    made = correct(oxaliplatin(units="400"), "AL-9", split("300", "100"), product, dose_units={"1": "300"})
    first, waste, _ = lines_of(made)
    assert first.drug is not None
    assert waste.drug is not None
    assert (first.drug.quantity, waste.drug.quantity) == (3, 1)
    assert waste.drug.ndc == "00409023399"


# --- diagnoses


def test_diagnoses_are_written_in_order_with_the_principal_first() -> None:
    change = SetDiagnoses(codes=("Z51.11", "C34.11", "D70.1"), why=WHY, decided_by="R. Quist, CPC")
    made = correct(plain(), "AL-1001", change)
    assert "HI*ABK:Z5111*ABF:C3411*ABF:D701~" in made.edi.decode()
    assert [row.element for row in made.diff if row.segment == "HI"] == ["HI01", "HI02", "HI03"]


def test_fewer_diagnoses_need_pointers_that_still_point_somewhere() -> None:
    who = "R. Quist, CPC"
    diagnoses = SetDiagnoses(codes=("C3411",), why=WHY, decided_by=who)
    pointers = SetPointers(line="2", pointers=(1,), why=WHY, decided_by=who)
    text = correct(plain(), "AL-1001", diagnoses, pointers).edi.decode()
    assert "HI*ABK:C3411~NM1" in text
    assert "SV1*HC:96413*412.5*UN*1***1~" in text


def test_a_place_touched_twice_is_told_once_from_first_to_last() -> None:
    product = SetNdc(line="1", ndc="00409023301", quantity=Decimal(4), unit="UN", why="Label")
    made = correct(oxaliplatin(units="400"), "AL-9", split("300", "100"), product, dose_units={"1": "300"})
    rows = [row for row in made.diff if row.element == "CTP04"]
    assert [(row.before, row.after, row.why) for row in rows] == [("40", "3", f"Label; {WHY}")]
