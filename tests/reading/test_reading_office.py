"""A home with a model: what it read stays, a fault is tried again, and without it nothing else changes."""

from datetime import UTC, datetime
from pathlib import Path

from scripted_model import Scripted, answer, fact

from agent.model import ModelFault
from agent.office import Office
from agent.reader import Reader
from evals.bench.in_flight import write_folder
from knowledge.types.record import DenialRecord

QUOTE = "The patient spent the night of the fifteenth to the eighteenth of March on our ward."
RIGHT = answer(fact("inpatient-stay-overlaps", "confirmed", "D1", QUOTE))


def worked(home: Path, folder: Path, model: Scripted | None) -> list[DenialRecord]:
    reader = Reader(model) if model is not None else None
    with Office.open(home, lambda: datetime(2026, 5, 1, tzinfo=UTC), reader=reader) as office:
        practice_id = office.take_folder(folder).practice_id
        assert practice_id is not None
        office.work(practice_id)
        return list(office.records_of(practice_id))


def one_denial(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    write_folder(folder, 1)
    return folder


def test_a_reading_names_the_cause_for_a_person_and_is_told_in_the_record(tmp_path: Path) -> None:
    folder = one_denial(tmp_path)
    (before,) = worked(tmp_path / "without", folder, None)
    (after,) = worked(tmp_path / "with", folder, Scripted(RIGHT))
    assert (before.root_cause, before.model) == ("unknown", None)
    assert after.root_cause == "inpatient-overlap"
    assert after.route == "review"
    assert "read-by-model" in {reason.code for reason in after.review_reasons}
    assert after.model is not None
    assert (after.model.name, after.model.accepted, after.model.fault) == ("scripted", 1, "")
    assert any(item.quote == QUOTE for item in after.evidence)


def test_what_was_read_is_not_asked_again_for_the_same_records(tmp_path: Path) -> None:
    folder, again = one_denial(tmp_path), Scripted(RIGHT)
    worked(tmp_path / "home", folder, Scripted(RIGHT))
    (record,) = worked(tmp_path / "home", folder, again)
    assert again.requests == []
    assert record.root_cause == "inpatient-overlap"


def test_a_fault_leaves_the_rules_answer_and_is_tried_again_at_the_next_run(tmp_path: Path) -> None:
    folder = one_denial(tmp_path)
    (failed,) = worked(tmp_path / "home", folder, Scripted(ModelFault("server_error", "down")))
    (mended,) = worked(tmp_path / "home", folder, Scripted(RIGHT))
    assert (failed.root_cause, failed.route) == ("unknown", "review")
    assert failed.model is not None
    assert failed.model.fault == "server_error: down"
    assert mended.root_cause == "inpatient-overlap"


def test_without_the_model_its_reading_is_withdrawn(tmp_path: Path) -> None:
    folder = one_denial(tmp_path)
    worked(tmp_path / "home", folder, Scripted(RIGHT))
    (record,) = worked(tmp_path / "home", folder, None)
    assert (record.root_cause, record.model) == ("unknown", None)


def test_many_cases_in_flight_come_out_as_one_alone_does(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    write_folder(folder, 12)
    records = worked(tmp_path / "home", folder, Scripted(RIGHT))
    assert len(records) == 12
    assert {(r.root_cause, r.route) for r in records} == {("inpatient-overlap", "review")}
