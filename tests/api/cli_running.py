"""Running a command as a user would, and the records a home then holds."""

from pathlib import Path

from api_served import CEDAR
from typer.testing import CliRunner

from api.cli import app
from api.offices import open_office
from knowledge.types.record import DenialRecord

REMIT = CEDAR / "remits" / "CHP_ERA_0403.txt"


def run(*arguments: object, code: int = 0, columns: int = 100):
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": str(columns)})
    assert result.exit_code == code, result.output
    return result


def records(home: Path) -> list[DenialRecord]:
    with open_office(home) as office:
        return [record for practice_id, _ in office.practices() for record in office.records_of(practice_id)]


def waiting(home: Path) -> DenialRecord:
    return next(record for record in records(home) if record.status == "in_review")
