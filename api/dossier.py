"""Everything the records hold about one denial, put together for a person or a program to read."""

from dataclasses import dataclass

from agent.following.timeline import timeline as life
from agent.office import Office
from agent.work import Draft, Investigation
from knowledge.records import Approval, Attempt, Direction, Event, LetterEdit, Outgoing
from knowledge.types.corrections import DiffRow
from knowledge.types.evidence import Fact
from knowledge.types.letters import Table
from knowledge.types.outcomes import Account, LifeEntry
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
    approvals: tuple[Approval, ...] = ()
    edits: tuple[LetterEdit, ...] = ()
    sends: tuple[tuple[Outgoing, tuple[Attempt, ...]], ...] = ()
    directions: tuple[Direction, ...] = ()
    life: tuple[LifeEntry, ...] = ()
    account: Account | None = None


def open_dossier(office: Office, practice_id: str, denial_id: str) -> Dossier | None:
    """Read a denial's dossier; None when the practice has no such denial or it has not been worked yet."""
    record = office.record(practice_id, denial_id)
    if record is None:
        return None
    with office.records.reading() as repository:
        investigated = repository.casework.work(practice_id, denial_id, "investigate", Investigation)
        draft = repository.casework.work(practice_id, denial_id, "draft", Draft)
        approvals = repository.approvals.all(practice_id, denial_id)
        edits = repository.correspondence.edits(practice_id, denial_id)
        directions = repository.correspondence.directions(practice_id, denial_id)
        account = repository.outcomes.account(practice_id, denial_id)
        sends = tuple(
            (one, repository.correspondence.attempts(one.key)) for one in repository.outbox.of(practice_id, denial_id)
        )
    return Dossier(
        practice_id=practice_id,
        record=record,
        facts=investigated.facts if investigated else (),
        tables=draft.letter.tables if draft and draft.letter else (),
        changes=draft.changes if draft else (),
        timeline=office.timeline(practice_id, denial_id),
        approvals=approvals,
        edits=edits,
        sends=sends,
        directions=directions,
        life=life(office.records, practice_id, denial_id),
        account=account,
    )
