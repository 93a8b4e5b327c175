"""Back a home up into one sealed archive while it is in use, and restore one whole or not at all.

Writers wait only while the two databases are copied and the files are linked; the archive is written from those. The
manifest, last in the archive, names every file with its sha256.
"""

import hashlib
import os
import shutil
import sqlite3
import tarfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec

from agent.home_lock import HomeLock
from agent.vault.files import sync_folder
from agent.vault.sealed_stream import SealedReader, SealedWriter
from knowledge.records.encryption import check_fits, connect, copy_database
from knowledge.sealing import BrokenSeal, HomeKey

RECORDS, CHECKPOINTS, MANIFEST = "overturn.db", "checkpoints.db", "manifest.json"
_NOT_KEPT = ("open.lock", "writing.lock", "audit.lock", "serving.lock")
_STAGING = ".backup-"


class NotRestored(ValueError):
    """The archive cannot be restored, or not there; nothing was put in place."""


class BackedUp(msgspec.Struct, frozen=True):
    """One file of a backup."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `key_id` is the key the home itself is sealed with, None = it was plain."""

    format: int
    made_at: str
    program: str
    key_id: str | None
    files: tuple[BackedUp, ...]


def back_up(home: Path, home_key: HomeKey | None, to: Path, key: HomeKey, now: datetime) -> Manifest:
    """Write a backup of a home to a new file, sealed with `key`; whole or not at all.

    Raises:
        FileExistsError: `to` is there already.
    """
    if to.exists():
        raise FileExistsError(f"{to} is there already: name a new file")
    for left in home.glob(f"{_STAGING}*"):
        shutil.rmtree(left)
    staging = home / f"{_STAGING}{os.getpid()}"
    staging.mkdir(mode=0o700)
    unfinished = to.with_name(f".{to.name}.part")
    try:
        _stage(home, home_key, staging)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            manifest = _write(staging, file, key, home_key, now)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, to)
        sync_folder(to.parent)
        return manifest
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        unfinished.unlink(missing_ok=True)


def _stage(home: Path, key: HomeKey | None, staging: Path) -> None:
    """Take one consistent picture of the home: databases copied, files linked, with all writers of cases held off."""
    with HomeLock(home / "writing.lock").held():
        # The head first: it may be older than the records beside it, never newer.
        for place in sorted(home.rglob("*")):
            path = place.relative_to(home)
            if _left_out(path) or not place.is_file():
                continue
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            if path.parent == Path():
                shutil.copy2(place, staging / path)  # small, and may be written in place
            else:
                os.link(place, staging / path)
        copy_database(home / RECORDS, key, staging / RECORDS, key)
        if (home / CHECKPOINTS).is_file():
            with sqlite3.connect(home / CHECKPOINTS) as source, sqlite3.connect(staging / CHECKPOINTS) as target:
                source.backup(target)
            source.close()
            target.close()


def _left_out(path: Path) -> bool:
    top = path.parts[0]
    database = any(top.startswith(name) for name in (RECORDS, CHECKPOINTS))
    return database or top in _NOT_KEPT or top.startswith(_STAGING) or path.name.endswith(".part")


def _write(staging: Path, file: BinaryIO, key: HomeKey, home_key: HomeKey | None, now: datetime) -> Manifest:
    sealed = SealedWriter(file, key)
    listed = []
    with tarfile.open(fileobj=cast(BinaryIO, sealed), mode="w|") as archive:
        for place in sorted(one for one in staging.rglob("*") if one.is_file()):
            path = place.relative_to(staging).as_posix()
            with place.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            listed.append(BackedUp(path, place.stat().st_size, digest))
            archive.add(place, arcname=path, recursive=False)
        name = home_key.id if home_key else None
        manifest = Manifest(1, now.isoformat(), version("overturn"), name, tuple(listed))
        text = msgspec.json.encode(manifest)
        entry = staging / MANIFEST
        entry.write_bytes(text)
        archive.add(entry, arcname=MANIFEST, recursive=False)
    sealed.finish()
    return manifest


def restore(archive: Path, key: HomeKey, home_key: HomeKey | None, home: Path) -> Manifest:
    """Restore a backup as a new home: every file held to the manifest, the databases to themselves, then put in place.

    Raises:
        NotRestored: there is something at `home`, or the archive is not whole.
        WrongKey: another key sealed the archive or the home in it.
    """
    if home.exists():
        raise NotRestored(f"{home} is there already: a backup is restored as a new home only")
    home.parent.mkdir(parents=True, exist_ok=True)
    beside = home.with_name(f".{home.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        with archive.open("rb") as file:
            manifest = _unpack(SealedReader(file, key, archive.name), beside)
        for name, its_key in ((RECORDS, home_key), (CHECKPOINTS, None)):
            if (beside / name).is_file():
                _check_database(beside / name, its_key)
        os.rename(beside, home)
        sync_folder(home.parent)
        return manifest
    except (BrokenSeal, tarfile.TarError, msgspec.MsgspecError) as fault:
        raise NotRestored(f"{archive} cannot be restored: {fault}") from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unpack(sealed: SealedReader, to: Path) -> Manifest:
    found: dict[str, str] = {}
    text = b""
    with tarfile.open(fileobj=cast(BinaryIO, sealed), mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                raise NotRestored(f"{member.name} in the archive is no file")
            if member.name == MANIFEST:
                text = content.read()
                continue
            found[member.name] = _put(to, member.name, content)
    sealed.read()  # to the very end, or it was cut off there
    manifest = msgspec.json.decode(text, type=Manifest) if text else None
    if manifest is None or {one.path: one.sha256 for one in manifest.files} != found:
        raise NotRestored("the files in the archive are not those of its manifest")
    return manifest


def _put(to: Path, name: str, content: IO[bytes]) -> str:
    place = (to / name).resolve()
    if not place.is_relative_to(to.resolve()):
        raise NotRestored(f"{name} in the archive points out of the home")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while piece := content.read(1024 * 1024):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _check_database(place: Path, key: HomeKey | None) -> None:
    check_fits(place, key)
    connection = connect(place, key)
    try:
        says = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    if says != "ok":
        raise NotRestored(f"the database {place.name} in the archive is damaged ({says})")
