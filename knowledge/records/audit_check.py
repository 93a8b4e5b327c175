"""Verify the audit trail: any edit, deletion, reordering or truncation, and at which entry."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from knowledge.records.audit import NOTHING, Auditing, Head, entry_sha256
from knowledge.records.repository import Repository
from knowledge.records.repository.audit import StoredEntry
from knowledge.types.practice import Frozen


class AuditFault(Frozen):
    """Something that is not as it was written. `number` is the entry at which it shows."""

    number: int
    says: str


class AuditVerified(Frozen):
    """What verifying came to: how many entries stand, and what is wrong."""

    entries: int
    faults: tuple[AuditFault, ...]


def verify_audit(repository: Repository, auditing: Auditing) -> AuditVerified:
    """Read the whole trail and hold it to its hashes, its head in the records, and the head kept beside them."""
    beside, unreadable = read_head(auditing.head_file)
    faults: list[AuditFault] = []
    count, number, previous = 0, 0, NOTHING
    beside_sha256 = NOTHING
    for entry in repository.audit.stored():
        count += 1
        faults += _entry_faults(entry.number, entry.said, entry.sha256, number, previous)
        number, previous = entry.number, entry.sha256
        if beside is not None and entry.number == beside.number:
            beside_sha256 = entry.sha256
    faults += _head_faults(repository.audit.head(), number, previous, count, auditing.key)
    if unreadable:
        faults.append(AuditFault(number=number, says=unreadable))
    elif beside is None and auditing.head_file is not None and count:
        faults.append(
            AuditFault(number=number, says=f"the head beside the records ({auditing.head_file.name}) is gone")
        )
    elif beside is not None:
        faults += _beside_faults(beside, number, beside_sha256, auditing.key)
    return AuditVerified(entries=count, faults=tuple(faults))


def _entry_faults(number: int, said: str, sha256: str, before: int, previous: str) -> Iterator[AuditFault]:
    entry = StoredEntry(number, said, sha256).read()
    if number != before + 1:
        missing = f"entry {before + 1}" if number == before + 2 else f"entries {before + 1} to {number - 1}"
        yield AuditFault(number=before + 1, says=f"{missing} lacking: deleted")
    if entry_sha256(said) != sha256:
        yield AuditFault(number=number, says=f"entry {number} was edited: it does not say what its hash was made of")
    elif entry is None or entry.said() != said:
        yield AuditFault(number=number, says=f"entry {number} was edited: it cannot be read as an entry")
    elif entry.number != number:
        yield AuditFault(number=number, says=f"entry {number} was moved: it was written as entry {entry.number}")
    elif entry.previous != previous:
        yield AuditFault(
            number=number, says=f"entry {number} does not follow the one before it: one of them was changed"
        )


def _head_faults(head: Head | None, number: int, sha256: str, count: int, key: bytes) -> Iterator[AuditFault]:
    if head is None:
        if count:
            yield AuditFault(number=number, says="the head of the trail was taken away")
        return
    if not head.holds(key):
        yield AuditFault(number=head.number, says="the head of the trail was not written with this home's key")
    if head.number > number:
        yield AuditFault(number=number + 1, says=f"the trail was cut off after entry {number} of {head.number}")
    elif (head.number, head.sha256) != (number, sha256):
        yield AuditFault(number=head.number, says=f"the trail does not end as its head says, at entry {head.number}")


def _beside_faults(head: Head, number: int, sha256: str, key: bytes) -> Iterator[AuditFault]:
    if not head.holds(key):
        yield AuditFault(number=head.number, says="the head beside the records was not written with this home's key")
    elif head.number > number:
        yield AuditFault(
            number=number + 1,
            says=f"the trail ends at entry {number}; the head beside the records knows entry {head.number}: cut off",
        )
    elif head.sha256 != sha256:
        yield AuditFault(
            number=head.number, says=f"entry {head.number} is not the one the head beside the records knows: rewritten"
        )


def read_head(path: Path | None) -> tuple[Head | None, str]:
    """Read the head kept beside the records, and what is wrong with it."""
    if path is None or not path.is_file():
        return None, ""
    try:
        return Head.model_validate_json(path.read_bytes()), ""
    except (ValidationError, OSError):
        return None, f"the head beside the records ({path.name}) cannot be read"
