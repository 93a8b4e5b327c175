"""One case that breaks must harm no other, and a person must be told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.diagnosis.inquiry import CHECKS, Inquiry
from agent.office import Office
from knowledge.types.evidence import Fact

FOLDER = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"


class BrokenCheckError(RuntimeError):
    """A fault no one foresaw."""


def test_a_case_that_fails_goes_to_a_person_and_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = (
        "payers.yaml",
        "practice.yaml",
        "remits/CHP_ERA_0403.txt",
        "claims/casc1_20260319.837",
        "auths/cascade.csv",
    )
    folder = tmp_path / "folder"
    for name in (*wanted, "auths/cascade.csv"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((FOLDER / name).read_bytes())
    sound = CHECKS["authorization-units-enough"]

    def broken(q: Inquiry) -> Fact:
        if q.case.denial.remit.claim_id == "CED26-0316":
            raise BrokenCheckError("boom")
        return sound(q)

    monkeypatch.setitem(CHECKS, "authorization-units-enough", broken)
    with Office.open(tmp_path / "home", lambda: datetime(2026, 5, 1, tzinfo=UTC)) as office:
        practice_id = office.take_folder(folder).practice_id
        assert practice_id is not None
        office.work(practice_id)
        records = {record.remit.claim_id: record for record in office.records_of(practice_id)}
        failed = records.pop("CED26-0316")
        assert (failed.root_cause, failed.route, failed.status) == ("unknown", "review", "in_review")
        assert [reason.code for reason in failed.review_reasons] == ["work-failed"]
        assert "BrokenCheckError" in failed.says
        assert "boom" not in failed.says
        assert records
        assert all(record.review_reasons == () or record.says != failed.says for record in records.values())

        monkeypatch.setitem(CHECKS, "authorization-units-enough", sound)
        office.work(practice_id)
        mended = next(r for r in office.records_of(practice_id) if r.remit.claim_id == "CED26-0316")
        assert mended.root_cause != "unknown" or "work-failed" not in [r.code for r in mended.review_reasons]
