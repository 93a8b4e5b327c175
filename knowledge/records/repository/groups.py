"""Series and batches, and the worklist as narrow rows: what the queue is shown from."""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import delete
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from knowledge.records.queue import Apart, NarrowRow, WorkGroup
from knowledge.records.repository.keyed import insert_all
from knowledge.records.repository.parts import in_parts
from knowledge.records.repository.worklist_changes import last_change, note_changes
from knowledge.records.tables import GroupMemberRow, GroupRow, WorklistChangeRow, WorklistRow

_OWN = [name for name in NarrowRow._fields if name != "group"]


class Groups:
    """Groups of denials worked together, and the changes of the worklist; bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, practice_id: str, groups: Sequence[WorkGroup]) -> None:
        """Store what is worked together now, in place of what was; whoever's group changed counts as changed."""
        held = dict(
            self._session.execute(
                rows_of(col(GroupMemberRow.denial_id), col(GroupMemberRow.group_id)).where(
                    col(GroupMemberRow.practice_id) == practice_id
                )
            ).all()
        )
        wanted = {member: group.group_id for group in groups for member in group.members}
        moved = sorted(name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))
        for row in (GroupRow, *((GroupMemberRow,) if moved else ())):
            self._session.execute(delete(row).where(col(row.practice_id) == practice_id))
        insert_all(self._session, GroupRow, [_values(practice_id, group) for group in groups])
        if moved:
            rows = [{"practice_id": practice_id, "denial_id": name, "group_id": wanted[name]} for name in wanted]
            insert_all(self._session, GroupMemberRow, rows)
        note_changes(self._session, practice_id, moved)

    def change(self, practice_id: str, touched: Sequence[str], groups: Sequence[WorkGroup]) -> None:
        """Store groups in place of some that were touched; the others stay. Whoever's group changed counts as changed.

        `groups` are those of the touched ids that are still there.
        """
        if not touched:
            return
        wanted = {member: group.group_id for group in groups for member in group.members}
        held: dict[str, str] = {}
        for some in in_parts(touched):
            rows = rows_of(col(GroupMemberRow.denial_id), col(GroupMemberRow.group_id)).where(
                col(GroupMemberRow.practice_id) == practice_id, col(GroupMemberRow.group_id).in_(some)
            )
            held |= {denial_id: group_id for denial_id, group_id in self._session.execute(rows)}
            of = (col(GroupRow.practice_id) == practice_id, col(GroupRow.group_id).in_(some))
            self._session.execute(delete(GroupRow).where(*of))
        moved = sorted(name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))
        for some in in_parts(moved):
            of = (col(GroupMemberRow.practice_id) == practice_id, col(GroupMemberRow.denial_id).in_(some))
            self._session.execute(delete(GroupMemberRow).where(*of))
        insert_all(self._session, GroupRow, [_values(practice_id, group) for group in groups])
        members = [name for name in moved if name in wanted]
        rows_now = [{"practice_id": practice_id, "denial_id": name, "group_id": wanted[name]} for name in members]
        insert_all(self._session, GroupMemberRow, rows_now)
        note_changes(self._session, practice_id, moved)

    def some(self, practice_id: str, group_ids: Sequence[str]) -> dict[str, WorkGroup]:
        """Give some groups by id; those that are not there (any more) are left out."""
        asked = (col(GroupRow.practice_id) == practice_id, col(GroupRow.group_id).in_(list(group_ids)))
        of = (col(GroupMemberRow.practice_id) == practice_id, col(GroupMemberRow.group_id).in_(list(group_ids)))
        members: dict[str, list[str]] = {}
        columns = rows_of(col(GroupMemberRow.group_id), col(GroupMemberRow.denial_id)).where(*of)
        for group_id, denial_id in self._session.execute(columns.order_by(col(GroupMemberRow.denial_id))):
            members.setdefault(group_id, []).append(denial_id)
        found = self._session.exec(select(GroupRow).where(*asked)).all()
        return {row.group_id: _group(row, members.get(row.group_id, [])) for row in found}

    def last_change(self, practice_id: str) -> int:
        """Give the number of the worklist's last change."""
        return last_change(self._session, practice_id)

    def count_since(self, practice_id: str, number: int, limit: int = 1000) -> int:
        """Count the denials that changed after a change, up to `limit`."""
        statement = rows_of(col(WorklistChangeRow.denial_id)).where(
            col(WorklistChangeRow.practice_id) == practice_id, col(WorklistChangeRow.number) > number
        )
        return len(self._session.execute(statement.limit(limit)).all())

    def narrow(self, practice_id: str, since: int | None = None) -> Iterator[NarrowRow]:
        """Give the worklist's rows as they stand: all, or those that changed after a change."""
        columns = [col(getattr(WorklistRow, name)) for name in _OWN]
        columns.insert(NarrowRow._fields.index("group"), col(GroupMemberRow.group_id))
        joined = (col(GroupMemberRow.practice_id) == col(WorklistRow.practice_id)) & (
            col(GroupMemberRow.denial_id) == col(WorklistRow.denial_id)
        )
        statement = rows_of(*columns).select_from(WorklistRow).outerjoin(GroupMemberRow, joined)
        statement = statement.where(col(WorklistRow.practice_id) == practice_id)
        if since is not None:
            changed = rows_of(col(WorklistChangeRow.denial_id)).where(
                col(WorklistChangeRow.practice_id) == practice_id, col(WorklistChangeRow.number) > since
            )
            statement = statement.where(col(WorklistRow.denial_id).in_(changed))
        for row in self._session.execute(statement):
            yield NarrowRow(*row)


def _values(practice_id: str, group: WorkGroup) -> dict[str, str | None]:
    left_out = msgspec.json.encode([(one.denial_id, one.says) for one in group.left_out]).decode()
    return {"practice_id": practice_id, **group.model_dump(exclude={"members", "left_out"}), "left_out": left_out}


def _group(row: GroupRow, members: Sequence[str]) -> WorkGroup:
    out = msgspec.json.decode(row.left_out, type=list[tuple[str, str]])
    values = row.model_dump(exclude={"practice_id", "left_out"})
    apart = tuple(Apart(denial_id=denial_id, says=says) for denial_id, says in out)
    return WorkGroup.model_validate({**values, "members": tuple(members), "left_out": apart})
