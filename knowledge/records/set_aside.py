"""Keep a database file as it is before it is upgraded, in one consistent copy beside it."""

import os
from pathlib import Path

from knowledge.records.encryption import connect
from knowledge.sealing import HomeKey


def back_up(file: Path, key: HomeKey | None, version: int) -> Path:
    """Copy the database, encrypted as it is, to `overturn.version-3.db` beside it; give the copy.

    Others may read and write meanwhile; what is not committed is not in it. An older copy of that name stays, the
    new one gets a number.

    Raises:
        OSError: there is no room, or the folder cannot be written.
        sqlite3.DatabaseError: the database cannot be read.
    """
    begun = file.with_name(f"{file.stem}.copying{file.suffix}")
    begun.unlink(missing_ok=True)
    os.close(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # patients' data: for this user alone
    try:
        source, copy = connect(file, key), connect(begun, key)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        _flush(begun)
        kept = _free_name(file, version)
        begun.rename(kept)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise
    _flush(file.parent)
    return kept


def _free_name(file: Path, version: int) -> Path:
    kept = file.with_name(f"{file.stem}.version-{version}{file.suffix}")
    number = 2
    while kept.exists():
        kept = file.with_name(f"{file.stem}.version-{version}.{number}{file.suffix}")
        number += 1
    return kept


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
