"""Straight-through members of a series go together: released as one where none needs a person, else they wait."""

from agent.desk import Desk
from agent.queue import records_of
from agent.ranking import rankings_of
from agent.sending.eligible import Held
from agent.series.groups import Group
from agent.series.released import release_together
from knowledge.records import POLICY, JointApproval
from knowledge.types.record import DenialRecord


class HeldSeries:
    """The series of a practice as they stand; each is released, or found to wait, once a run."""

    def __init__(self, desk: Desk) -> None:
        """Look when first asked."""
        self._desk = desk
        self._released: dict[str, JointApproval | str] = {}

    def holding(self, denial_id: str) -> Held | None:
        """Return why a denial that policy released waits; None where it goes: alone, or with the others of its series.

        A series that needs no person is released as one here, before its first member goes.
        """
        with self._desk.records.reading() as repository:
            approval = repository.approvals.live(self._desk.practice_id, denial_id)
        if approval is None or approval.by != POLICY or (group := self._series(denial_id)) is None:
            return None
        with self._desk.records.reading() as repository:
            if repository.joint.holding(self._desk.practice_id, denial_id, approval.sha256) is not None:
                return None
        if group.group_id not in self._released:
            self._released[group.group_id] = release_together(self._desk, group, self._members(group))
        why = self._released[group.group_id]
        if isinstance(why, JointApproval):
            return None
        count = len(group.members) - 1
        others = f"{count} other{'s' if count > 1 else ''}"
        says = (
            f"It goes together with {others} of series {group.group_id}, which needs a person: {why.rstrip('.')}. "
            f"Approve it as a whole (overturn series approve {group.group_id}), or send it alone by naming it "
            f"(overturn send {denial_id})"
        )
        return Held(denial_id, says)

    def _series(self, denial_id: str) -> Group | None:
        with rankings_of(self._desk.records).at(self._desk.practice_id) as ranking:
            group = ranking.kinship.group_of(denial_id)
        return group if group is not None and group.kind == "series" else None

    def _members(self, group: Group) -> tuple[DenialRecord, ...]:
        return tuple(records_of(self._desk.records, self._desk.practice_id, group.members))
