"""What a home knows of its key: never the key, only its name, and how the audit trail is signed."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from agent.vault.files import sync_folder, write_safely
from knowledge.records.audit import Auditing
from knowledge.sealing import HomeKey, WrongKey

KEYS_FILE = "keys.json"
AUDIT_HEAD, AUDIT_KEY = "audit.head", "audit.key"


class KeyNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """The id of the key a home is sealed with; `rotating_to` while it is being sealed anew."""

    key_id: str | None = None
    rotating_to: str | None = None


class UnfinishedRotation(WrongKey):
    """A rotation of keys was cut off; until it is finished, nothing else may open the home."""


def read_note(home: Path) -> KeyNote:
    """Return what a home says of its key."""
    try:
        return msgspec.json.decode((home / KEYS_FILE).read_bytes(), type=KeyNote)
    except FileNotFoundError:
        return KeyNote()
    except msgspec.MsgspecError as fault:
        raise WrongKey(f"{home / KEYS_FILE} cannot be read: restore it from a backup") from fault


def write_note(home: Path, note: KeyNote) -> None:
    """Store what a home says of its key."""
    unfinished = home / f".{KEYS_FILE}.part"
    write_safely(unfinished, msgspec.json.encode(note))
    os.replace(unfinished, home / KEYS_FILE)
    sync_folder(home)


def check_key(home: Path, key: HomeKey | None, *, fresh: bool) -> None:
    """Hold the key given to the home's; a `fresh` home takes whatever is given, and notes it.

    Raises:
        WrongKey: the home is sealed with another key, or a key is lacking.
        UnfinishedRotation: a rotation was cut off.
    """
    note = read_note(home)
    if note.rotating_to is not None:
        raise UnfinishedRotation(
            "a rotation of keys was cut off: run `overturn keys rotate` again with the same two keys to finish it"
        )
    if note.key_id is None and fresh and key is not None:
        write_note(home, KeyNote(key_id=key.id))
        return
    if note.key_id is not None and key is None:
        raise WrongKey(f"the home is encrypted (key {note.key_id}): set OVERTURN_KEY or OVERTURN_KEY_FILE")
    if note.key_id is not None and key is not None and key.id != note.key_id:
        raise WrongKey(f"the home is encrypted with key {note.key_id}; the key set is {key.id}")


def auditing_of(home: Path, key: HomeKey | None, clock: Callable[[], datetime]) -> Auditing:
    """Return how the home keeps its audit trail: signed with the home's key, or else with one kept in the home."""
    return Auditing(clock, audit_key(home, key), home / AUDIT_HEAD)


def audit_key(home: Path, key: HomeKey | None) -> bytes:
    """Return the key that signs the head of the audit trail.

    Without a home's key it is one made here and kept beside the records: whoever can write the whole home could then
    also forge the trail. With a home's key nobody can who has only the disk.
    """
    if key is not None:
        return key.derived("audit")
    path = home / AUDIT_KEY
    if not path.is_file():
        unfinished = home / f".{AUDIT_KEY}.{os.getpid()}.part"
        write_safely(unfinished, secrets.token_hex(32).encode())
        try:
            os.link(unfinished, path)  # the first of two processes wins
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii"))
