"""Seal a home anew with another key: every file, then the records, then its note of the key. Resumable after a kill.

While it is under way the note says so, and nothing else opens the home. Files name the key they are sealed with, so
each is sealed anew once; the records are written beside and put in place whole.
"""

import os
from collections.abc import Callable
from pathlib import Path

from agent.home_lock import HomePresence
from agent.vault.files import PURPOSE, Vault, sync_folder
from agent.vault.keys import AUDIT_HEAD, AUDIT_KEY, KeyNote, audit_key, read_note, write_note
from knowledge.records import open_records
from knowledge.records.audit import Head
from knowledge.records.audit_check import read_head
from knowledge.records.encryption import check_fits, connect, copy_database, is_plain
from knowledge.sealing import HomeKey, WrongKey, sealing_key, unseal

RECORDS = "overturn.db"
_BESIDE = "overturn.db.rotating"

Step = Callable[[str], None]


def _no_step(_step: str) -> None:
    return None


def rotate(home: Path, old: HomeKey | None, new: HomeKey, step: Step = _no_step) -> int:
    """Seal a home that is plain (`old` None) or sealed with `old` with `new`; return how many files were sealed.

    Run again after a kill, with the same two keys, it goes on. Done, the old key opens nothing any more.

    Raises:
        WrongKey: `old` is not the home's key, or another rotation is under way.
        HomeClosed: the home is in use.
    """
    with HomePresence.alone(home / "open.lock"):
        note = read_note(home)
        if note.key_id == new.id and note.rotating_to is None:
            raise WrongKey(f"the home is encrypted with key {new.id} already")
        if (old.id if old else None) != note.key_id:
            raise WrongKey(f"the home is encrypted with key {note.key_id or 'none'}: that is the old key to give")
        if note.rotating_to not in (None, new.id):
            raise WrongKey(f"a rotation to key {note.rotating_to} was cut off: finish it with that key first")
        if note.rotating_to is None:
            check_fits(home / RECORDS, old)
            write_note(home, KeyNote(key_id=note.key_id, rotating_to=new.id))
        step("noted")
        sealed = _files(home, old, new, step)
        _records(home, old, new, step)
        step("records")
        for aside in sorted(home.glob("overturn.version-*.db")):
            _aside(aside, old, new)
            step("aside")
        write_note(home, KeyNote(key_id=new.id))
        (home / AUDIT_KEY).unlink(missing_ok=True)
        return sealed


def _files(home: Path, old: HomeKey | None, new: HomeKey, step: Step) -> int:
    files, sealed = Vault(home, new), 0
    for path in files.paths():
        content = (home / path).read_bytes()
        found = sealing_key(content)
        if found == new.id:
            continue
        if old is not None:
            content = unseal(content, old, PURPOSE, path.as_posix())
        files.write(path, content)
        sealed += 1
        step("file")
    for unfinished in home.glob("*/**/.*.part"):
        unfinished.unlink()
    return sealed


def _records(home: Path, old: HomeKey | None, new: HomeKey, step: Step) -> None:
    place, beside = home / RECORDS, home / _BESIDE
    if not _opens(place, new):
        beside.unlink(missing_ok=True)
        _empty_log(place, old)
        copy_database(place, old, beside, new)
        os.chmod(beside, 0o600)
        _sign(home, beside, old, new)
        step("copied")
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        for log in (f"{RECORDS}-wal", f"{RECORDS}-shm", f"{_BESIDE}-wal", f"{_BESIDE}-shm"):
            # Nobody has the home open: whatever the log held is in the copy.
            (home / log).unlink(missing_ok=True)
        os.replace(beside, place)
        sync_folder(home)
    step("placed")
    head, _ = read_head(home / AUDIT_HEAD)
    if head is not None and not head.holds(audit_key(home, new)):
        if not head.holds(audit_key(home, old)):
            return  # it was not ours before: verifying goes on to say so
        kept = Head.of(head.number, head.sha256, audit_key(home, new))
        unfinished = home / f"{AUDIT_HEAD}.part"
        unfinished.write_text(kept.model_dump_json(), encoding="ascii")
        os.chmod(unfinished, 0o600)
        os.replace(unfinished, home / AUDIT_HEAD)


def _aside(place: Path, old: HomeKey | None, new: HomeKey) -> None:
    """Encrypt anew what an upgrade set aside: whole beside it, then in its place."""
    if not _opens(place, new):
        beside = place.with_name(f"{place.name}.rotating")
        beside.unlink(missing_ok=True)
        copy_database(place, old, beside, new)
        os.chmod(beside, 0o600)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(beside, place)
        sync_folder(place.parent)


def _sign(home: Path, database: Path, old: HomeKey | None, new: HomeKey) -> None:
    """Sign the head in the records with the new key, if the old one had signed it."""
    with open_records(database, new) as records, records.transaction() as repository:
        head = repository.audit.head()
        if head is not None and head.holds(audit_key(home, old)):
            repository.audit.set_head(Head.of(head.number, head.sha256, audit_key(home, new)))


def _empty_log(place: Path, key: HomeKey | None) -> None:
    """Write what stands in the database's log into the database: the log is deleted, the database replaced."""
    connection = connect(place, key)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _opens(place: Path, key: HomeKey) -> bool:
    if is_plain(place):
        return False
    try:
        check_fits(place, key)
    except WrongKey:
        return False
    return True
