"""Contract rule 3: where the dose given is the dose billed, no corrected claim changes units or code.

On every labelled case of the authorization family of the development practices, whatever the authorization allows.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.diagnosis.diagnose import diagnose
from agent.diagnosis.given import given_dose
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for
from agent.office import Office
from knowledge.causes import load_catalogue
from knowledge.types.corrections import RemoveLine, SetCode, SetUnits, SplitWaste

PRACTICES = Path(__file__).parents[2] / "evals" / "practices"
DEVELOPMENT = ("alder", "birch", "cedar", "dogwood", "elm", "hawthorn", "linden")
FITTING = (SetUnits, SetCode, SplitWaste, RemoveLine)


def labelled(practice: str) -> set[tuple[str, str, str]]:
    """Give claim, code and line control of each labelled case of the family."""
    rows = (json.loads(line) for line in (PRACTICES / practice / "labels.jsonl").read_text().splitlines())
    return {
        (row["claim_id"], row["line"]["hcpcs"], row["line"].get("line_control") or "")
        for row in rows
        if row["line"] and (row["category"] == "authorization" or "auth" in row["root_cause"])
    }


def questions(practice: str, home: Path) -> Iterator[tuple[str, Inquiry]]:
    with Office.open(home, lambda: datetime(2026, 10, 1, tzinfo=UTC)) as office:
        taken = office.take_folder(PRACTICES / practice / "folder")
        assert taken.practice_id is not None
        wanted = labelled(practice)
        with office.at_desk(taken.practice_id) as desk:
            for denial in desk.casebook.denials.values():
                line = denial.line
                if line and (denial.remit.claim_id, line.hcpcs, line.line_control or "") in wanted:
                    yield denial.denial_id, Inquiry(desk.casebook.case(denial.denial_id), desk.codes, desk.as_of)


@pytest.mark.parametrize("practice", DEVELOPMENT)
def test_a_dose_billed_as_given_stays_as_billed_whatever_was_authorized(practice: str, tmp_path: Path) -> None:
    catalogue, tried, billed_as_given = load_catalogue(), 0, 0
    for denial_id, q in questions(practice, tmp_path / "home"):
        tried += 1
        given = given_dose(q)
        if given.units is None or q.billed_units != given.units:
            continue
        billed_as_given += 1
        found = diagnose(q, catalogue)
        causes = {found.root_cause, *(each.root_cause for each in found.alternatives)} - {"unknown"}
        for cause in sorted(causes):
            try:
                answer = found.model_copy(update={"root_cause": cause})
                changes = changes_for(CorrectionCase(q, answer))
            except NotCorrectable:
                continue
            fitted = [change for change in changes if isinstance(change, FITTING)]
            assert not fitted or cause == "auth-for-other-code", (denial_id, cause, fitted)
            # The one cause of the family that changes a code writes the product charted as given, never the authorized.
            assert all(isinstance(change, SetCode) for change in fitted), (denial_id, cause, fitted)
            assert all(
                change.hcpcs == found.values.get("given_code") for change in fitted if isinstance(change, SetCode)
            )
    assert tried >= 1
    assert billed_as_given >= 1
