"""Who and where: the original a claim replaces, the patient as verified, providers, place, a drug in words, drafts."""

from datetime import date
from decimal import Decimal

import pytest

from evals.corrected_claims.cases import CONTROL
from evals.corrected_claims.samples import bare, crowded, families, plain, replaced_before, secondary
from knowledge.types.corrections import (
    ClaimChange,
    CorrectedClaim,
    CorrectionMode,
    SetCode,
    SetDescription,
    SetDiagnoses,
    SetModifiers,
    SetOriginal,
    SetPatient,
    SetPlace,
    SetPointers,
    SetProvider,
)
from tools.corrected_claim import CorrectionRefused, correct_claim

WHY = "The chart says so"


def correct(
    data: bytes,
    claim_id: str,
    *changes: ClaimChange,
    mode: CorrectionMode = "replacement",
    for_review: bool = False,
    units: dict[str, Decimal] | None = None,
) -> CorrectedClaim:
    return correct_claim(
        data, "a.837", claim_id, mode, "26079CX4410", changes, CONTROL, dose_units=units, for_review=for_review
    )


def codes(made: CorrectedClaim) -> list[str]:
    return [finding.code for finding in made.findings]


def changed(data: bytes, made: CorrectedClaim) -> tuple[list[str], list[str]]:
    """Segments of the claim's loops that went and that came, envelope and hierarchy aside."""
    before, after = (
        [s for s in text.replace("\r\n", "").split("~") if s.split("*")[0] not in ENVELOPE]
        for text in (data.decode(), made.edi.decode())
    )
    return [s for s in before if s not in after], [s for s in after if s not in before]


ENVELOPE = {"ISA", "GS", "ST", "BHT", "HL", "SE", "GE", "IEA", ""}


def provider(role: str = "82", line: str | None = None, npi: str = "1234567893", **more: str) -> SetProvider:
    body = {"role": role, "npi": npi, "last": "Tran", "first": "Minh", "line": line, "why": WHY, **more}
    return SetProvider.model_validate(body)


# --- the original


def test_a_claim_sent_as_new_becomes_the_replacement_it_was() -> None:
    made = correct(plain(), "AL-1001", SetOriginal(number="T26034005", why="Replaces claim A1"))
    gone, come = changed(plain(), made)
    assert gone == ["CLM*AL-1001*22212.5***11:B:1*Y*A*Y*Y"]
    assert come == ["CLM*AL-1001*22212.5***11:B:7*Y*A*Y*Y", "REF*F8*T26034005"]
    assert "26079CX4410" not in made.edi.decode()


def test_a_replacement_without_its_original_gets_its_number_and_nothing_else() -> None:
    data = plain().replace(b"11:B:1", b"11:B:7")
    gone, come = changed(data, correct(data, "AL-1001", SetOriginal(number="T26034005", why=WHY)))
    assert (gone, come) == ([], ["REF*F8*T26034005"])


@pytest.mark.parametrize("mode", ["new", "void"])
def test_only_a_replacement_names_an_original(mode: CorrectionMode) -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(plain(), "AL-1001", SetOriginal(number="T1", why=WHY), mode=mode)
    assert caught.value.code in ("replaces-nothing", "void-with-changes")


def test_a_replacement_that_names_another_original_is_for_a_person() -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(replaced_before(), "AL-5001", SetOriginal(number="OTHER-1", why=WHY))
    assert caught.value.code == "replaces-another"


# --- the patient


def test_a_member_id_is_written_for_the_subscriber_and_nothing_else_changes() -> None:
    made = correct(plain(), "AL-1001", SetPatient(member_id="CHP1010", why=WHY))
    gone, come = changed(plain(), made)
    assert "NM1*IL*1*OKAFOR*MARTA****MI*CHP1001" in gone
    assert "NM1*IL*1*OKAFOR*MARTA****MI*CHP1010" in come
    assert len(come) == 3  # with CLM05-3 and REF*F8
    assert [(row.loop, row.element) for row in made.diff if row.loop == "2010BA"] == [("2010BA", "NM109")]


def test_name_and_birth_date_of_a_dependent_are_the_patient_s_own() -> None:
    change = SetPatient(first="Iva", birth_date=date(2009, 7, 15), member_id="CHP2033", why=WHY)
    text = correct(families(), "AL-2003", change).edi.decode()
    assert "NM1*IL*1*MORALES*MARTA****MI*CHP2033" in text
    assert "NM1*QC*1*MORALES*IVA~" in text
    assert "DMG*D8*20090715*M" in text


def test_a_name_is_written_the_way_the_sender_writes_names() -> None:
    data = plain().replace(b"OKAFOR*MARTA", b"Okafor*Marta")
    assert (
        "NM1*IL*1*Okafor-Wells*Marta*"
        in correct(data, "AL-1001", SetPatient(last="Okafor-Wells", why=WHY)).edi.decode()
    )
    assert (
        "NM1*IL*1*OKAFOR-WELLS*MARTA*"
        in correct(plain(), "AL-1001", SetPatient(last="Okafor-Wells", why=WHY)).edi.decode()
    )


@pytest.mark.parametrize(
    ("data", "change", "code"),
    [
        (plain(), SetPatient(why=WHY), "nothing-to-correct"),
        (plain(), SetPatient(member_id="A*B", why=WHY), "value-malformed"),
        (plain().replace(b"MI*CHP1001", b"II*CHP1001"), SetPatient(member_id="X1", why=WHY), "member-id-qualifier"),
        (
            plain().replace(b"DMG*D8", b"DMG*XX"),
            SetPatient(birth_date=date(1960, 1, 1), why=WHY),
            "birth-date-not-found",
        ),
        (plain().replace(b"NM1*IL*1", b"NM1*IL*2"), SetPatient(last="Wells", why=WHY), "patient-no-person"),
    ],
)
def test_a_patient_that_cannot_be_written_is_refused(data: bytes, change: SetPatient, code: str) -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(data, "AL-1001", change)
    assert caught.value.code == code


# --- providers


def test_a_rendering_provider_is_replaced_and_the_taxonomy_stays() -> None:
    made = correct(plain(), "AL-1001", provider())
    text = made.edi.decode()
    assert "NM1*82*1*TRAN*MINH****XX*1234567893~PRV*PE*PXC*207RX0202X~LX*1" in text
    assert "taxonomy-as-sent" in codes(made)


def test_what_identified_the_former_provider_goes_with_them() -> None:
    data = crowded().replace(b"NM1*77", b"REF*0B*A12345~NM1*77").replace(b"SE*74", b"SE*75")
    count = crowded().count(b"~") - 4
    data = data.replace(f"SE*{count}*".encode(), f"SE*{count + 1}*".encode())
    made = correct(data, "AL-3001", provider())
    assert b"REF*0B" not in made.edi
    assert "line-provider-differs" in codes(made)


def test_a_referring_provider_goes_before_the_rendering_one() -> None:
    text = correct(plain(), "AL-1001", provider("DN")).edi.decode()
    assert "HI*ABK:C3411*ABF:Z5111~NM1*DN*1*TRAN*MINH****XX*1234567893~NM1*82*" in text


def test_a_referring_provider_goes_to_the_end_of_the_claim_s_own_loops_where_none_is_named() -> None:
    text = correct(bare(), "AL-6001", provider("DN")).edi.decode()
    assert "HI*ABK:C61~NM1*DN*1*TRAN*MINH****XX*1234567893~LX*1" in text


def test_a_referring_provider_stands_before_another_payer() -> None:
    text = correct(secondary(), "AL-4001", provider("DQ")).edi.decode()
    assert "PRV*PE*PXC*207RX0202X~NM1*DQ*1*TRAN*MINH****XX*1234567893~SBR*P*18" in text


def test_an_ordering_provider_follows_the_line_s_product_and_stands_before_another_payer_s_answer() -> None:
    text = correct(secondary(), "AL-4001", provider("DK", "1")).edi.decode()
    assert "CTP****60*ML~NM1*DK*1*TRAN*MINH****XX*1234567893~SVD*MEDB" in text


def test_an_ordering_provider_in_place_is_replaced_with_a_middle_name() -> None:
    text = correct(crowded(), "AL-3001", provider("DK", "1", middle="Q")).edi.decode()
    assert "PRV*PE*PXC*207RX0202X~NM1*DK*1*TRAN*MINH*Q***XX*1234567893~LX*2" in text


def test_roles_of_one_line_are_changes_of_their_own() -> None:
    text = correct(crowded(), "AL-3001", provider("DK", "1"), provider("82", "1")).edi.decode()
    assert text.count("*TRAN*MINH*") == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (provider("DK"), "provider-misplaced"),
        (provider(npi="123"), "npi-malformed"),
        (provider(last=" "), "value-malformed"),
        (provider(line="9"), "line-not-found"),
    ],
)
def test_a_provider_that_cannot_be_written_is_refused(change: SetProvider, code: str) -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(plain(), "AL-1001", change)
    assert caught.value.code == code


@pytest.mark.parametrize(("npi", "told"), [("1234567893", False), ("1234567890", True), ("1888888884", False)])
def test_an_npi_with_a_wrong_check_digit_is_told(npi: str, told: bool) -> None:
    assert ("npi-check-digit" in codes(correct(plain(), "AL-1001", provider("DN", npi=npi)))) == told


# --- place, words


def test_a_place_is_written_for_the_claim_and_the_lines_that_repeat_it() -> None:
    data = crowded().replace(b"UN*45*19*", b"UN*45*22*")
    made = correct(data, "AL-3001", SetPlace(place="11", why=WHY))
    assert "CLM*AL-3001*23308.33***11:B:7*" in made.edi.decode()
    assert {"line-place-differs", "facility-as-sent"} <= set(codes(made))
    same = correct(crowded(), "AL-3001", SetPlace(place="11", why=WHY))
    assert "SV1*HC:J9355:JZ*4998.33*UN*45*11**1:2" in same.edi.decode()


def test_words_go_behind_the_modifiers_of_an_unclassified_code() -> None:
    code = SetCode(line="1", hcpcs="J9999", units=Decimal(1), why=WHY)
    words = SetDescription(line="1", text="ONDRELIMAB 500 MG IV", why=WHY)
    made = correct(plain(), "AL-1001", code, words, units={"1": Decimal(1)})
    assert "SV1*HC:J9999:JZ::::ONDRELIMAB 500 MG IV*21800*UN*1***1~" in made.edi.decode()


@pytest.mark.parametrize("text", ["", "A" * 81, "DRUG: 5 MG", "DRUG* 5 MG", "5 μg"])
def test_words_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(plain(), "AL-1001", SetDescription(line="1", text=text, why=WHY))
    assert caught.value.code == "value-malformed"


@pytest.mark.parametrize("place", ["", "1", "111", "1A"])
def test_a_place_of_other_than_two_digits_is_refused(place: str) -> None:
    with pytest.raises(CorrectionRefused) as caught:
        correct(plain(), "AL-1001", SetPlace(place=place, why=WHY))
    assert caught.value.code == "place-malformed"


# --- drafts for a person

CODER_ONLY: tuple[ClaimChange, ...] = (
    SetDiagnoses(codes=("C3431", "Z5111"), why=WHY),
    SetPointers(line="1", pointers=(1, 2), why=WHY),
    SetModifiers(line="2", add=("59",), why=WHY),
)


@pytest.mark.parametrize("change", CODER_ONLY, ids=lambda change: change.kind)
def test_what_a_coder_decides_is_drafted_for_review_and_refused_without(change: ClaimChange) -> None:
    made = correct(plain(), "AL-1001", change, for_review=True)
    assert "person-decides" in codes(made)
    assert len([row for row in made.diff if row.part == "claim"]) >= 3
    with pytest.raises(CorrectionRefused) as caught:
        correct(plain(), "AL-1001", change)
    assert caught.value.code == "person-decides"
