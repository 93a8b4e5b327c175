"""All that a home holds, in a form that can be compared: every row of the records, every product file's bytes."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]

LIFE = frozenset(("audit_entry", "audit_head", "worklist_change", "insight_change"))


def rows_of(home: Path) -> Rows:
    """Every table of the records with its rows, sorted."""
    with sqlite3.connect(home / "overturn.db") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}
    database.close()
    return found


def files_of(home: Path) -> dict[str, str]:
    """Every file below products, hidden ones included, with the sha256 of its bytes."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / "products").rglob("*"))
        if path.is_file()
    }


def differing(one: Rows, other: Rows) -> dict[str, tuple[int, int]]:
    """The tables whose rows differ, with how many rows each has alone: empty when the records are the same.

    Left out are the trail and the counts of changes: in a life with deaths more happens. Their own tests hold them.
    """
    return {
        name: (
            len([r for r in one.get(name, []) if r not in other.get(name, [])]),
            len([r for r in other.get(name, []) if r not in one.get(name, [])]),
        )
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name) and name not in LIFE
    }


def told(home: Path) -> list[tuple[Any, ...]]:
    """What stands of each denial: its row in the queue, its record, its timeline, its reviews and its products."""
    rows = rows_of(home)
    return [row for name in ("denial", "event", "review", "product", "work") for row in rows[name]]
