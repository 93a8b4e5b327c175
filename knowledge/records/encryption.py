"""The records as SQLCipher: the whole database, its log and its temporary pages, encrypted with the home's key."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlcipher3 import dbapi2 as sqlcipher

from knowledge.records.one_library import Library, connect_by, holder
from knowledge.sealing import HomeKey, WrongKey

PLAIN_START = b"SQLite format 3\x00"
PURPOSE = "records"
_QUIET = "PRAGMA cipher_log_level = NONE"
"""A wrong key is an error of ours, said once; the library would say it on standard error too."""


def is_plain(path: Path) -> bool:
    """Tell whether a database file is there and not encrypted."""
    if holder(path) == "sqlite3":
        return True  # open here: to read and close it would let go of the locks held on it
    try:
        with path.open("rb") as file:
            return file.read(len(PLAIN_START)) == PLAIN_START
    except FileNotFoundError:
        return False


def check_fits(path: Path, key: HomeKey | None) -> None:
    """Hold a database file to the key given, before anything opens it.

    Raises:
        WrongKey: it is encrypted and there is no key, or another one; or it is not and there is a key.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    if key is None:
        if not is_plain(path):
            raise WrongKey(f"{path} is encrypted: set OVERTURN_KEY or OVERTURN_KEY_FILE to the home's key")
        return
    if is_plain(path):
        raise WrongKey(f"{path} is not encrypted and a key is set: `overturn keys rotate` encrypts the home with it")
    connection = connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as fault:
        raise WrongKey(f"{path} was encrypted with another key than {key.id}, or is damaged") from fault
    finally:
        connection.close()


def driver(key: HomeKey | None) -> tuple[object, Callable[[DBAPIConnection], None]]:
    """Return the module SQLAlchemy is to use for SQLite, and what each new connection must be told first."""
    if key is None:
        return sqlite3, lambda _connection: None
    pragma = _key_pragma(key)

    def unlock(connection: DBAPIConnection) -> None:
        cursor = connection.cursor()
        cursor.execute(_QUIET)
        cursor.execute(pragma)
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()

    return sqlcipher, unlock


def library_for(key: HomeKey | None) -> Library:
    """Name the library that opens a database: SQLCipher with a key, else the one built into Python."""
    return "sqlite3" if key is None else "sqlcipher3"


def connect(path: Path, key: HomeKey | None) -> sqlite3.Connection:
    """Open a database file by hand, with its key or plain; nothing is read yet.

    Raises:
        TwoLibraries: this process has it open with another library.
    """
    return _connected(path, key, library_for(key))


def _connected(path: Path, key: HomeKey | None, library: Library) -> sqlite3.Connection:
    # The two libraries' connections are alike; only one of them has types.
    connection = cast(sqlite3.Connection, connect_by(library, path, isolation_level=None, check_same_thread=False))
    if key is not None:
        connection.execute(_QUIET)
        connection.execute(_key_pragma(key))
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA busy_timeout = 30000")
    return connection


def copy_database(source: Path, key: HomeKey | None, target: Path, new_key: HomeKey | None) -> None:
    """Write one consistent copy of a database, encrypted with `new_key`; the source may be in use.

    One that is plain and to be encrypted, or the other way round, must not be open in this process.

    Raises:
        TwoLibraries: it is.
    """
    if key is None and new_key is None:
        _copy_plain(source, target)
        return
    connection = _connected(source, key, "sqlcipher3")
    try:
        named = f"x'{new_key.derived(PURPOSE).hex()}'" if new_key is not None else ""
        connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), named))
        connection.execute("SELECT sqlcipher_export('copy')").fetchone()
        version = connection.execute("PRAGMA main.user_version").fetchone()[0]
        connection.execute(f"PRAGMA copy.user_version = {int(version)}")
        connection.execute("DETACH DATABASE copy")
    finally:
        connection.close()


def _copy_plain(source: Path, target: Path) -> None:
    held, copy = connect(source, None), connect(target, None)
    try:
        held.backup(copy)
    finally:
        copy.close()
        held.close()


def _key_pragma(key: HomeKey) -> str:
    # A raw key: nothing is stretched, so that a connection opens at once.
    return f"PRAGMA key = \"x'{key.derived(PURPOSE).hex()}'\""
