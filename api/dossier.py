"""Everything the records hold about one denial, put together for a person or a program to read."""

from dataclasses import dataclass

from agent.office import Office
from agent.work import Draft, Investigation
from knowledge.records import Event
from knowledge.types.corrections import DiffRow
from knowledge.types.evidence import Fact
from knowledge.types.letters import Table
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class Dossier:
    """One denial: its record, the facts established, the tables that show them, what changes on the claim."""

    practice_id: str
    record: DenialRecord
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    changes: tuple[DiffRow, ...]
    timeline: tuple[Event, ...]


def open_dossier(office: Office, practice_id: str, denial_id: str) -> Dossier | None:
    """Read a denial's dossier; None when the practice has no such denial or it has not been worked yet."""
    record = office.record(practice_id, denial_id)
    if record is None:
        return None
    with office.records.reading() as repository:
        investigated = repository.casework.work(practice_id, denial_id, "investigate", Investigation)
        draft = repository.casework.work(practice_id, denial_id, "draft", Draft)
    return Dossier(
        practice_id=practice_id,
        record=record,
        facts=investigated.facts if investigated else (),
        tables=draft.letter.tables if draft and draft.letter else (),
        changes=draft.changes if draft else (),
        timeline=office.timeline(practice_id, denial_id),
    )
