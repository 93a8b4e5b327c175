"""Taking a folder in at a fixed moment, and what came of it."""

from datetime import UTC, datetime
from pathlib import Path

from agent.intake import BookInputs, IntakeReport, load_book_inputs, take_folder
from knowledge.codes import load_codes
from knowledge.records import Records

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
CODES = load_codes()


def take(records: Records, folder: Path) -> IntakeReport:
    return take_folder(records, folder, CODES, NOW)


def book(records: Records, report: IntakeReport) -> BookInputs:
    assert report.practice_id is not None
    return load_book_inputs(records, report.practice_id)


def codes_of(report: IntakeReport) -> set[str]:
    return {finding.code for finding in report.findings}


def claim_ids(inputs: BookInputs) -> list[str]:
    return [claim.claim_id for _, claim, _ in inputs.adjudications()]
