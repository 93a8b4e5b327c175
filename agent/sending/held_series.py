"""Straight-through members of a series wait until the series is approved as a whole: they are to go together."""

from agent.desk import Desk
from agent.queue import records_of
from agent.sending.eligible import Held
from agent.series.groups import Group, group_by_denial, groups_of
from knowledge.records import POLICY, Approval


class HeldSeries:
    """The series of a practice, looked at once a run."""

    def __init__(self, desk: Desk) -> None:
        """Look when first asked."""
        self._desk = desk
        self._series: dict[str, Group] | None = None

    def of(self, denial_id: str, approval: Approval) -> Held | None:
        """Return why a denial that policy released waits; None where it goes: alone, or as people approved it."""
        if approval.by != POLICY or (group := self._groups().get(denial_id)) is None:
            return None
        with self._desk.records.reading() as repository:
            if repository.joint.holding(self._desk.practice_id, denial_id, approval.sha256) is not None:
                return None
        others = len(group.members) - 1
        says = (
            f"It goes together with {others} other{'s' if others > 1 else ''} of series {group.group_id}, which is not "
            f"approved as a whole: overturn series approve {group.group_id}, or send it alone by naming it "
            f"(overturn send {denial_id})"
        )
        return Held(denial_id, says)

    def _groups(self) -> dict[str, Group]:
        if self._series is None:
            records = tuple(records_of(self._desk.records, self._desk.practice_id))
            self._series = group_by_denial(group for group in groups_of(records) if group.kind == "series")
        return self._series
