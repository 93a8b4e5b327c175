"""One library a database file: SQLite as built into Python, or SQLCipher, never both on one file in one process.

File locks (POSIX) belong to the process: whichever library closes its copy of a file lets go of the other's locks too,
and two writers then no longer see each other. So each file that is open here is listed with the library that has it,
and another is refused before it opens anything.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from sqlcipher3 import dbapi2 as sqlcipher

Library = Literal["sqlite3", "sqlcipher3"]
FileId = tuple[int, int]


class TwoLibraries(RuntimeError):
    """A database file is open in this process by one library, and another was to open it."""


@dataclass
class _Held:
    library: Library
    times: int = 0


_held: dict[FileId, _Held] = {}
_turn = Lock()


def enter(path: Path, library: Library) -> FileId:
    """List a file as open by a library; a file that is not there is made, empty and for this user alone.

    Raises:
        TwoLibraries: the other library has it open.
    """
    with _turn:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        found = path.stat()
        name = (found.st_dev, found.st_ino)
        held = _held.setdefault(name, _Held(library))
        if held.library != library:
            raise TwoLibraries(
                f"{path} is open in this process by {held.library}; {library} may not open it too: its closing would "
                "let go of the other's locks. Close the records first"
            )
        held.times += 1
        return name


def leave(name: FileId) -> None:
    """Take one opening of a file off the list."""
    with _turn:
        held = _held.get(name)
        if held is not None:
            held.times -= 1
            if held.times <= 0:
                del _held[name]


def holder(path: Path) -> Library | None:
    """Tell which library has a file open in this process; None = neither."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    with _turn:
        held = _held.get((found.st_dev, found.st_ino))
        return held.library if held is not None else None


def _closing(base: type[Any]) -> type[Any]:
    """Make a connection class of a library that takes itself off the list when it is closed."""

    class Listed(base):  # type: ignore[misc]  # the library has no types
        listed_as: FileId | None = None

        def close(self) -> None:
            super().close()
            name, self.listed_as = self.listed_as, None
            if name is not None:
                leave(name)

    return Listed


_CLASSES: dict[Library, tuple[Any, type[Any]]] = {
    "sqlite3": (sqlite3, _closing(sqlite3.Connection)),
    "sqlcipher3": (sqlcipher, _closing(sqlcipher.Connection)),
}


def connect_by(library: Library, path: Path, **options: Any) -> Any:
    """Open a database file with a library; `options` are those of its `connect`.

    Raises:
        TwoLibraries: the other library has it open.
    """
    module, listed = _CLASSES[library]
    name = enter(path, library)
    try:
        connection = module.connect(str(path), factory=listed, **options)
    except BaseException:
        leave(name)
        raise
    connection.listed_as = name
    return connection
