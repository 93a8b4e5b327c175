"""Until when the records must come that a payer asked for electronically (277): its own day, not a setting of ours."""

from datetime import date

from agent.diagnosis.case import Case
from agent.diagnosis.checks.records import latest_request
from agent.diagnosis.printed import day
from knowledge.types.deadlines import Deadline
from knowledge.types.diagnosis import Diagnosis, ReviewReason


def request_clock(case: Case, as_of: date) -> tuple[Deadline, ...]:
    """Return the clock of the payer's last request for records about the line; () where there is none, or no day."""
    found = latest_request(case)
    due = found.request.due_on if found is not None and found.request is not None else None
    if found is None or due is None:
        return ()
    return (
        Deadline(
            action="send_records",
            date=due,
            rule=f"277 {found.file} segment {found.place.segment}: request {found.trace}, answer due {due}",
            days_left=(due - as_of).days,
            expired=as_of > due,
            safe_by=due,
            says=f"The payer takes the records it asked for (its number {found.trace}) until {due}",
        ),
    )


def request_reason(case: Case, diagnosis: Diagnosis) -> tuple[ReviewReason, ...]:
    """Say that records are asked for where something else is to be done: a person decides what goes first."""
    found = latest_request(case)
    if found is None or "send_records" in (diagnosis.remedy, diagnosis.then):
        return ()
    due = found.request.due_on if found.request else None
    by = f" by {day(due)}" if due else ""
    says = f"The payer asks for records{by} (277 {found.file}, its number {found.trace}); the answer here is another"
    return (ReviewReason(code="records-requested", says=says),)
