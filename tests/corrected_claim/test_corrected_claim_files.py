"""The file around a corrected claim, and everything that stays as it was sent."""

from collections import Counter

import pytest
from msgspec.structs import asdict

from evals.corrected_claims.cases import CONTROL, Trial, claim_of, trials
from evals.corrected_claims.samples import Sample, crowded, families, plain, samples
from knowledge.types.claim import SubmittedClaim
from knowledge.types.corrections import CorrectedClaim, DiffRow, SetAuthorization, SetModifiers
from tools.corrected_claim import CorrectionRefused, correct_claim, render_diff_text
from tools.corrected_claim.source import find_claim
from tools.x12.claims import read_claims
from tools.x12.transactions import open_file

AUTHORIZED = SetAuthorization(number="AUTH-77", why="The payer approved it under this number", evidence=("e1",))
REFUSED_ON_PURPOSE = {"other-payer-adjudicated", "replaces-another"}


def correct(sample: Sample, trial: Trial) -> CorrectedClaim:
    return correct_claim(
        sample.data,
        sample.name,
        sample.claim_id,
        trial.mode,
        sample.payer_claim_number,
        trial.changes,
        CONTROL,
        dose_units=trial.dose_units,
    )


def replaced(data: bytes, claim_id: str, *changes: SetAuthorization | SetModifiers) -> CorrectedClaim:
    return correct_claim(data, "a.837", claim_id, "replacement", "26079CX4410", changes or (AUTHORIZED,), CONTROL)


def segments_of(data: bytes) -> list[str]:
    return data.decode().rstrip("~").split("~")


def explains(row: DiffRow, here: str | None, there: str | None, segment: str) -> bool:
    """Tell whether a row accounts for a segment that stands on one side (`here`) and not on the other."""
    if there is None:
        return here == segment
    return here is not None and here in segment and segment.startswith(row.segment[:2])


EVERY_TRIAL = [
    pytest.param(sample, trial, id=f"{sample.name}: {trial.name}") for sample in samples() for trial in trials(sample)
]


@pytest.mark.parametrize(("sample", "trial"), EVERY_TRIAL)
def test_every_correction_reads_back_whole_with_only_what_was_asked_changed(sample: Sample, trial: Trial) -> None:
    try:
        made = correct(sample, trial)
    except CorrectionRefused as refusal:
        assert refusal.code in REFUSED_ON_PURPOSE  # noqa: PT017 - some trials must be refused
        return
    opened = open_file(made.edi, "made.837")
    assert opened.truncated is None
    assert not opened.findings
    read = list(read_claims(made.edi, "made.837"))
    assert len(read) == 1
    after, before = read[0], claim_of(sample)
    assert isinstance(after, SubmittedClaim)
    changed = {name for name, value in asdict(after).items() if value != getattr(before, name)}
    allowed = {
        "place",
        "file",
        "text",
        "submitted_on",
        "frequency",
        "original_reference",
        "references",
        "person_segment",
    }
    kinds = {change.kind for change in trial.changes}
    if "set_authorization" in kinds:
        allowed.add("authorizations")
    if "remove_line" in kinds:
        assert len(after.lines) == len(before.lines) - 1
    if "set_diagnoses" in kinds:
        allowed.add("diagnoses")
    if "set_patient" in kinds:
        allowed |= {"member_id", "patient_last", "patient_first", "birth_date"}
    if "set_provider" in kinds:
        allowed |= {"providers", "provider_names"}
    if "set_place" in kinds:
        allowed.add("place_of_service")
    if kinds & {"set_units", "set_code", "split_waste", "remove_line"}:
        allowed.add("charge")
    assert changed <= allowed | {"lines"}
    assert after.charge == sum(line.charge for line in after.lines)
    untouched = {getattr(change, "line", None) for change in trial.changes}
    for line in before.lines:
        if line.number not in untouched:
            same = next(each for each in after.lines if each.line_control == line.line_control)
            differing = {name for name, value in asdict(same).items() if value != getattr(line, name)}
            assert differing <= {"place", "number", *(("place_of_service",) if "set_place" in kinds else ())}
    numbers = [line.number for line in after.lines]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize(("sample", "trial"), EVERY_TRIAL)
def test_every_difference_is_told_and_nothing_else_differs(sample: Sample, trial: Trial) -> None:
    try:
        made = correct(sample, trial)
    except CorrectionRefused:
        return
    source = find_claim(sample.data, sample.name, sample.claim_id)
    mark, end = source.interchange.delimiters.element, source.interchange.separator.decode()
    own = [source.group, *source.header, *(each for level in source.levels for each in level), *source.claim]
    sent = Counter(mark.join(segment) for segment in own)
    after = Counter(made.edi.decode().removesuffix(end).split(end))
    counted = ("ISA", "SE", "GE", "IEA")
    for segment in after - sent:
        tag = segment.split(mark)[0]
        assert tag in counted or any(explains(row, row.after, row.before, segment) for row in made.diff), segment
    for segment in sent - after:
        assert any(explains(row, row.before, row.after, segment) for row in made.diff), segment


def test_a_replacement_carries_frequency_7_and_the_payers_number_after_the_authorization() -> None:
    made = segments_of(replaced(plain(), "AL-1001").edi)
    at = made.index("CLM*AL-1001*22212.5***11:B:7*Y*A*Y*Y")
    assert made[at + 1 : at + 4] == ["REF*G1*AUTH-77", "REF*F8*26079CX4410", "HI*ABK:C3411*ABF:Z5111"]


def test_references_go_between_those_the_guide_has_before_and_after_them() -> None:
    made = segments_of(replaced(crowded(), "AL-3001").edi)
    at = made.index("REF*9F*RF5512")
    assert made[at : at + 4] == ["REF*9F*RF5512", "REF*G1*AUTH-77", "REF*F8*26079CX4410", "REF*X4*38D0000001"]


def test_every_byte_of_the_claim_that_is_not_asked_for_stays() -> None:
    sent, made = segments_of(crowded()), segments_of(replaced(crowded(), "AL-3001").edi)
    expected = [segment.replace("19:B:1", "19:B:7") for segment in sent[5:-3]]
    at = expected.index("REF*9F*RF5512") + 1
    expected[at:at] = ["REF*G1*AUTH-77", "REF*F8*26079CX4410"]
    assert made[3] == "BHT*0019*00*0000009010001*20260501*0930*CH"
    assert made[4:-3] == [sent[4], *expected]


def test_the_envelope_is_its_own_and_adds_up() -> None:
    made = segments_of(replaced(plain(), "AL-1001").edi)
    assert made[0][70:] == "260501*0930*^*00501*000000901*0*P*:"
    assert len(made[0]) == 105
    assert made[1] == "GS*HC*ALDERONC*84001*20260501*0930*42*X*005010X222A1"
    assert made[-3:] == [f"SE*{len(made) - 4}*0001", "GE*1*42", "IEA*1*000000901"]


def test_only_the_claims_own_levels_stay_and_are_numbered_anew() -> None:
    made = segments_of(replaced(families(), "AL-2003").edi)
    assert [each for each in made if each.startswith("HL")] == ["HL*1**20*1", "HL*2*1*22*1", "HL*3*2*23*0"]
    assert [each for each in made if each.startswith("CLM")] == ["CLM*AL-2003*1240***11:B:7*Y*A*Y*Y"]
    assert "NM1*QC*1*MORALES*IVO" in made
    assert not [each for each in made if "LINDQVIST" in each or "TANAKA" in each or "MORALES-REY" in each]


def test_a_subscriber_with_dependents_has_no_level_below_in_a_file_of_the_subscribers_own_claim() -> None:
    both = families().replace(b"HL*3*1*22*1", b"HL*3*1*22*0")
    made = segments_of(replaced(both.replace(b"HL*2*1*22*0", b"HL*2*1*22*1"), "AL-2001").edi)
    assert [each for each in made if each.startswith("HL")] == ["HL*1**20*1", "HL*2*1*22*0"]


def test_a_claim_of_the_second_billing_provider_brings_that_provider_and_its_pay_to_address() -> None:
    made = segments_of(replaced(families(), "AL-2006").edi)
    assert made.count("NM1*87*2") == 1
    assert "CLM*AL-2006*640***11:B:7*Y*A*Y*Y" in made
    assert [each for each in made if each.startswith("HL")] == ["HL*1**20*1", "HL*2*1*22*0"]


def test_a_new_claim_has_frequency_1_and_no_payer_number() -> None:
    sample = next(each for each in samples() if each.name == "replaced before")
    made = correct(sample, Trial("new", "new", (), {}))
    text = made.edi.decode()
    assert "CLM*AL-5001*9000***11:B:1*" in text
    assert "REF*F8" not in text
    assert [(row.before, row.after) for row in made.diff if row.segment == "REF*F8"] == [("REF*F8*26079CX4410", None)]


def test_a_void_is_the_claim_as_sent_with_frequency_8_and_the_payers_number() -> None:
    made = segments_of(correct(samples()[0], Trial("void", "void", (), {})).edi)
    sent = segments_of(plain())
    at = made.index("REF*F8*26079CX4410")
    del made[at]
    assert [segment.replace(":8*", ":1*") for segment in made[5:-3]] == sent[5:-3]


def test_another_payers_references_are_left_alone() -> None:
    sample = next(each for each in samples() if each.name == "secondary")
    text = correct(sample, Trial("auth", "replacement", (AUTHORIZED,), {})).edi.decode()
    assert "REF*G1*OTHERPAYERAUTH~REF*F8*OTHERPAYERICN" in text
    assert text.index("REF*G1*AUTH-77~REF*F8*26079CX4410~HI*") > 0


@pytest.mark.parametrize("marks", ["|>'!", "*:~^\r\n", "*:\n^", "|>\n!", "^:~!", "\x01>~\x02"])
def test_delimiters_are_the_originals_and_change_nothing_of_the_claim(marks: str) -> None:
    usual = next(iter(read_claims(replaced(plain(), "AL-1001").edi, "a")))
    made = replaced(plain(marks), "AL-1001").edi
    other = next(iter(read_claims(made, "a")))
    assert isinstance(usual, SubmittedClaim)
    assert isinstance(other, SubmittedClaim)
    strip = {"place", "text", "lines", "unknown"}
    assert {k: v for k, v in asdict(other).items() if k not in strip} == {
        k: v for k, v in asdict(usual).items() if k not in strip
    }
    assert made.endswith(f"IEA{marks[0]}1{marks[0]}000000901{marks[2:3]}{marks[4:]}".encode())


def test_letters_beyond_ascii_stay_byte_for_byte() -> None:
    for coding in ("utf-8", "latin-1"):
        sent = plain().decode().replace("OKAFOR", "NÚÑEZ").encode(coding)
        assert "NM1*IL*1*NÚÑEZ*MARTA".encode(coding) in replaced(sent, "AL-1001").edi


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert replaced(crowded(), "AL-3001") == replaced(crowded(), "AL-3001")


def test_the_difference_reads_like_a_sentence_with_its_reason_and_evidence() -> None:
    text = render_diff_text(replaced(plain(), "AL-1001").diff)
    assert text.startswith(
        "2300  CLM  CLM05-3: 1 -> 7\n"
        "2300  added REF*F8*26079CX4410\n"
        "      Replaces the claim the payer has under its number\n"
        "2300  added REF*G1*AUTH-77\n"
        "      The payer approved it under this number [e1]\n"
        "envelope  "
    )
    assert render_diff_text(()) == ""
