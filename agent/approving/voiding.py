"""What takes an approval back: changed bytes, changed records, an edit. The denial then waits for a person again."""

from datetime import datetime

from agent.approving.recording import clear_final
from agent.approving.records_print import records_print
from agent.desk import Desk
from agent.vault import Changed
from knowledge.records import POLICY, Approval, Event, Repository, VoidCode
from knowledge.types.record import DenialRecord, RecordReason

REASON = "approval-voided"
"""The review reason of a denial whose approval no longer holds."""


def find_fault(desk: Desk, denial_id: str, approval: Approval) -> tuple[VoidCode, str] | None:
    """Say why an approval no longer holds: its files are not what was approved, or the records have moved on."""
    for file in approval.files:
        try:
            desk.files.read_as(file.path, file.sha256)
        except FileNotFoundError:
            return "file-changed", f"The approved file {file.path} is gone"
        except Changed:
            return "file-changed", f"The file {file.path} is not the one that was approved: its bytes have changed"
    if denial_id not in desk.casebook.denials:
        return "case-changed", "Later remits show that this is no denial any more"
    if records_print(desk.casebook.case(denial_id)) != approval.case_print:
        return "case-changed", "The records this packet rests on have changed since it was approved"
    return None


def void(desk: Desk, denial_id: str, code: VoidCode, says: str) -> None:
    """Take the approval back: its final copy off the disk, its queued sends voided, the denial to a person.

    May be cut off anywhere and done again: the files go first, and an approval without its files does not hold.
    """
    clear_final(desk, denial_id)
    now = desk.clock()
    with desk.records.transaction() as repository:
        _void_in(repository, desk, denial_id, code, says, now)
        _hand_to_person(repository, desk, denial_id, says, now)


def send_back(desk: Desk, denial_id: str, says: str) -> None:
    """Hand a denial back whose final copy cannot be made after all: nothing was approved."""
    with desk.records.transaction() as repository:
        _hand_to_person(repository, desk, denial_id, says, desk.clock())


def begin_what_follows(desk: Desk, denial_id: str, says: str) -> None:
    """Have a denial that was sent wait for a person again, for the remedy that follows; what was sent stays sent."""
    now = desk.clock()
    with desk.records.transaction() as repository:
        _void_in(repository, desk, denial_id, "followed", says, now)
        _hand_to_person(repository, desk, denial_id, says, now, among=("sent",))


def _hand_to_person(
    repository: Repository,
    desk: Desk,
    denial_id: str,
    says: str,
    now: datetime,
    among: tuple[str, ...] = ("approved", "worked", "in_review"),
) -> None:
    stored = repository.denials.get(desk.practice_id, denial_id)
    if stored is None or stored.record is None or stored.status not in among:
        return
    record = _for_person(DenialRecord.model_validate(stored.record), says).model_copy(update={"status": "in_review"})
    repository.denials.save_record(
        desk.practice_id, denial_id, record.model_dump(mode="json"), stored.case_fingerprint, now
    )


_SAYS = {"voided": "Approval voided: {}", "followed": "{}"}


def _void_in(repository: Repository, desk: Desk, denial_id: str, code: VoidCode, says: str, now: datetime) -> None:
    held = repository.approvals.live(desk.practice_id, denial_id)
    repository.approvals.void(desk.practice_id, denial_id, code, says, now)
    repository.outbox.void_queued(desk.practice_id, denial_id, says, now)
    name = held.sha256[:16] if held else code
    what = "followed" if code == "followed" else "voided"
    event = Event(key=f"{denial_id}:{what}:{name}", kind=what, says=_SAYS[what].format(says), at=now)
    repository.casework.add_event(desk.practice_id, denial_id, event)


def supersede(repository: Repository, desk: Desk, denial_id: str, record: DenialRecord) -> DenialRecord:
    """Take back what was approved of an earlier draft, now that there is a new one; return its record as it stands.

    A release by policy is given anew by policy. What a person approved, or what somebody altered, goes to a person,
    and the record says why.
    """
    now = desk.clock()
    if repository.approvals.live(desk.practice_id, denial_id) is not None:
        says = "The case was worked again"
        repository.approvals.void(desk.practice_id, denial_id, "worked-again", says, now)
        repository.outbox.void_queued(desk.practice_id, denial_id, says, now)
    last = repository.approvals.last(desk.practice_id, denial_id)
    if last is None or last.void_code in (None, "worked-again", "answered"):
        return record
    if record.status not in ("worked", "in_review"):
        return record
    if last.by == POLICY and last.void_code == "case-changed":
        return record
    return _for_person(record, last.void_reason or "").model_copy(update={"status": "in_review"})


def _for_person(record: DenialRecord, says: str) -> DenialRecord:
    kept = tuple(reason for reason in record.review_reasons if reason.code != REASON)
    reasons = (*kept, RecordReason(code=REASON, says=says))
    return record.model_copy(update={"route": "review", "review_reasons": reasons})


def void_what_no_longer_holds(desk: Desk) -> tuple[str, ...]:
    """Look at every denial that is approved, or released and not yet sent; void what does not hold; give their ids."""
    voided = []
    with desk.records.reading() as repository:
        waiting = [
            (stored.denial_id, stored.status, repository.approvals.live(desk.practice_id, stored.denial_id))
            for stored in repository.denials.all(desk.practice_id)
            if stored.status in ("approved", "worked")
        ]
    for denial_id, status, approval in waiting:
        fault = find_fault(desk, denial_id, approval) if approval else None
        if approval is None and status == "approved":
            fault = "unbound", "It was approved before approvals named their files: look at it and approve it again"
        if fault is None or (fault[0] == "case-changed" and approval is not None and approval.by == POLICY):
            continue  # what policy released is worked again by itself, and released anew
        void(desk, denial_id, *fault)
        voided.append(denial_id)
    return tuple(voided)
