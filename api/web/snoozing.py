"""How long a denial may be kept out of the queue: never beyond its clock, and never out of mind."""

from collections.abc import Sequence
from datetime import date, timedelta

from api.service import Service

LONGEST_SNOOZE = 90
"""Days, at most."""


def against_snooze(service: Service, practice_id: str, ids: Sequence[str], as_of: date, until: date) -> str | None:
    """Say what stands against keeping denials out of the queue until a day; None = nothing."""
    if not as_of <= until <= as_of + timedelta(days=LONGEST_SNOOZE):
        return f"choose a day from {as_of.isoformat()} on, at most {LONGEST_SNOOZE} days later"
    with service.office.records.reading() as repository:
        items = repository.worklist.items(practice_id, ids)
    for item in items.values():
        if item.deadline is not None and as_of <= item.deadline < until:
            return f"{item.claim_id}: its clock runs out on {item.deadline.isoformat()}, before it would wake"
    return None
