"""Read what an earlier step stored."""

from typing import TypeVar

from pydantic import BaseModel

from agent.desk import Desk

M = TypeVar("M", bound=BaseModel)


class StageMissing(LookupError):
    """A step found nothing where the step before it must have stored its result."""


def stored(desk: Desk, denial_id: str, stage: str, kind: type[M]) -> M:
    """Return a stage's result; raise StageMissing when the step before never stored one."""
    with desk.records.transaction() as repository:
        found = repository.casework.work(desk.practice_id, denial_id, stage, kind)
    if found is None:
        raise StageMissing(f"denial {denial_id}: step {stage} has stored nothing; work the denial from the start")
    return found
