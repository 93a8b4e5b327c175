"""Add a transaction's entry to the audit trail, and keep the head of the trail beside the records."""

import fcntl
import os

from knowledge.records.audit import Auditing, Head, acting_now
from knowledge.records.audit_check import read_head
from knowledge.records.repository import Repository
from knowledge.records.touched import Touched


def add_entry(repository: Repository, touched: Touched, auditing: Auditing) -> Head | None:
    """Write what a transaction changed into the trail, in the same transaction; None when it changed nothing."""
    if not touched.tables:
        return None
    who = acting_now()
    if who.seen is not None:
        who.seen.written = True
    draft = who.draft(
        touched.does,
        practice_id=next(iter(touched.practices)) if len(touched.practices) == 1 else None,
        subjects=tuple(touched.subjects),
        count=touched.count,
        detail={"tables": sorted(touched.tables), **repository.audit.mentioned()},
    )
    return repository.audit.append(draft, auditing.clock(), auditing.key)


def keep_head(auditing: Auditing, head: Head) -> None:
    """Keep the head outside of the records too, so that a cut-off trail shows. An older one never replaces a newer."""
    path = auditing.head_file
    if path is None:
        return
    with os.fdopen(os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known, _ = read_head(path)
        if known is not None and known.number >= head.number and known.holds(auditing.key):
            return
        unfinished = path.with_suffix(".part")
        unfinished.write_text(head.model_dump_json(), encoding="ascii")
        os.chmod(unfinished, 0o600)
        os.replace(unfinished, path)
