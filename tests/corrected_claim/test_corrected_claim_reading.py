"""The difference in a biller's words, and the changes of trials, test results and lines taken off."""

from decimal import Decimal

import pytest

from evals.corrected_claims.cases import CONTROL
from evals.corrected_claims.samples import bare, crowded, plain, samples
from knowledge.types.claim import SubmittedClaim
from knowledge.types.corrections import (
    ClaimChange,
    CorrectedClaim,
    RemoveLine,
    SetAuthorization,
    SetModifiers,
    SetTestResult,
    SetTrial,
    SplitWaste,
)
from tools.corrected_claim import CorrectionRefused, correct_claim
from tools.corrected_claim.reading import changes_table, read_changes
from tools.x12.claims import read_claims

WHY = "The chart says so"
CODER = "R. Quist, CPC"


def corrected(
    *changes: ClaimChange, data: bytes = b"", claim_id: str = "AL-1001", review: bool = False
) -> CorrectedClaim:
    units = {"1": Decimal(400)}
    sent = data or plain()
    return correct_claim(
        sent, "a.837", claim_id, "replacement", "26X1", changes, CONTROL, dose_units=units, for_review=review
    )


def told(made: CorrectedClaim) -> list[tuple[str, str, str, str]]:
    return [(c.line, c.field, c.before, c.after) for c in read_changes(made.diff)]


def refused(*changes: ClaimChange, **given: object) -> str:
    with pytest.raises(CorrectionRefused) as caught:
        corrected(*changes, **given)  # type: ignore[arg-type]
    return caught.value.code


def test_a_change_is_told_by_line_field_before_and_after() -> None:
    made = corrected(SetAuthorization(number="A-7", why=WHY), SetModifiers(line="1", remove=("JZ",), why=WHY))
    assert told(made) == [
        ("claim", "Kind of claim (CLM05-3)", "1 (original)", "7 (replacement)"),
        ("claim", "Payer's number of the claim it is about (REF F8)", "(nothing)", "26X1"),
        ("claim", "Authorization number (REF G1)", "(nothing)", "A-7"),
        ("1", "Code and modifiers (SV101)", "J9271-JZ", "J9271"),
    ]


def test_a_line_that_goes_is_told_once_and_the_rest_numbered_and_summed() -> None:
    made = corrected(RemoveLine(line="1", why=WHY, decided_by=CODER))
    assert told(made)[2:] == [
        ("1", "Line taken off", "J9271-JZ, 400 units, $21800", "(nothing)"),
        ("2", "Line number (LX01)", "2", "1"),
        ("claim", "Total charge (CLM02)", "$22212.5", "$412.5"),
    ]
    read = next(iter(read_claims(made.edi, "made.837")))
    assert isinstance(read, SubmittedClaim)
    assert [(line.number, line.hcpcs) for line in read.lines] == [("1", "96413")]
    assert read.charge == Decimal("412.5")


def test_a_line_that_came_is_told_once() -> None:
    made = corrected(SplitWaste(line="1", administered_units=Decimal(400), wasted_units=Decimal(5), why=WHY))
    added = [row for row in told(made) if row[1] == "Line added"]
    assert added == [("2 (added)", "Line added", "(nothing)", "J9271-JW, 5 units, $272.5")]


def test_the_table_has_a_row_for_every_change_and_every_sample_can_be_told() -> None:
    made = corrected(
        SetTrial(number="04567890", why=WHY), SetTestResult(line="1", test="R1", value=Decimal("9.1"), why=WHY)
    )
    table = changes_table(made.diff)
    assert len(table.rows) == len(read_changes(made.diff)) == 4
    assert ("1", "Test result (MEA)", "(nothing)", "hemoglobin 9.1", WHY, "") in table.rows
    for sample in samples():
        change = SetModifiers(line=sample.lines[0], add=("KX",), why=WHY)
        whole = correct_claim(sample.data, sample.name, sample.claim_id, "new", "", (change,), CONTROL)
        assert all(row[2] != row[3] for row in changes_table(whole.diff).rows)


def test_a_line_is_taken_off_only_by_a_person() -> None:
    assert refused(RemoveLine(line="1", why=WHY)) == "person-decides"
    draft = corrected(RemoveLine(line="1", why=WHY), review=True)
    assert [finding.code for finding in draft.findings] == ["person-decides"]


def test_the_only_line_is_a_void_and_a_line_both_changed_and_gone_contradicts() -> None:
    only = next(iter(read_claims(bare(), "b.837")))
    assert isinstance(only, SubmittedClaim)
    if len(only.lines) == 1:
        gone = RemoveLine(line=only.lines[0].number, why=WHY, decided_by=CODER)
        assert refused(gone, data=bare(), claim_id=only.claim_id) == "last-line"
    both = (RemoveLine(line="1", why=WHY, decided_by=CODER), SetModifiers(line="1", add=("KX",), why=WHY))
    assert refused(*both) == "changes-contradict"


@pytest.mark.parametrize("number", ["NCT04567890", "4567890", "", "045678901"])
def test_a_trial_is_eight_digits(number: str) -> None:
    assert refused(SetTrial(number=number, why=WHY)) == "trial-malformed"


def test_another_trial_on_the_claim_is_for_a_person_and_the_same_loses_its_letters() -> None:
    assert refused(SetTrial(number="11111111", why=WHY), data=crowded(), claim_id="AL-3001") == "another-trial"
    made = corrected(SetTrial(number="04567890", why=WHY), data=crowded(), claim_id="AL-3001")
    assert b"REF*P4*04567890~" in made.edi


@pytest.mark.parametrize("value", ["91", "0.9", "9.13"])
def test_a_hemoglobin_no_patient_has_is_refused(value: str) -> None:
    assert refused(SetTestResult(line="1", test="R1", value=Decimal(value), why=WHY)) == "result-malformed"


def test_a_result_takes_the_place_of_the_one_on_the_line() -> None:
    made = corrected(
        SetTestResult(line="1", test="R1", value=Decimal("9.1"), why=WHY), data=crowded(), claim_id="AL-3001"
    )
    assert b"MEA*TR*R1*9.1~" in made.edi
    assert b"MEA*TR*R1*9.8~" not in made.edi
