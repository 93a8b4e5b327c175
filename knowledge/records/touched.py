"""What a transaction changes, seen at the one place every statement passes: for the audit trail.

So no change goes without an entry because somebody forgot to write one.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from knowledge.records.audit import MOST_SUBJECTS, Does

_INFO = "overturn_touched"
_DENIAL = re.compile(r"(?:^|_)denial_id(?:_\d+)?$")
_PRACTICE = re.compile(r"(?:^|_)practice_id(?:_\d+)?$")
_FILE = re.compile(r"^sha256$")

UNAUDITED = frozenset(
    {
        *("audit_entry", "audit_head", "schema_version", "alembic_version"),
        *("access_failures", "access_assertion", "access_sign_on", "worklist_word"),
    }
)
"""Tables that hold nothing of a patient and no right: the trail itself, versions, counters, words of an index."""

_SEEN_ONLY = frozenset({"access_session"})
"""Here an update only says that somebody is still there."""


@dataclass
class Touched:
    """Tables, denials and files that one transaction has changed so far."""

    tables: dict[str, set[str]] = field(default_factory=dict)
    practices: set[str] = field(default_factory=set)
    subjects: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def note(self, table: str, how: str, parameters: list[dict[str, Any]]) -> None:
        """Take one statement into account."""
        if table in UNAUDITED or (table in _SEEN_ONLY and how == "U"):
            return
        self.tables.setdefault(table, set()).add(how)
        for values in parameters:
            for name, value in values.items():
                if not isinstance(value, str):
                    continue
                if _PRACTICE.search(name):
                    self.practices.add(value)
                elif _DENIAL.search(name):
                    self._add(value)
                elif table == "source_file" and _FILE.search(name):
                    self._add(f"sha256:{value}")

    def _add(self, subject: str) -> None:
        if subject not in self.subjects:
            self.count += 1
            if len(self.subjects) < MOST_SUBJECTS:
                self.subjects[subject] = None

    @property
    def does(self) -> Does:
        """Return what it comes to: only new rows, only rows taken away, or changes."""
        ways = set().union(*self.tables.values()) if self.tables else set()
        return "C" if ways == {"C"} else "D" if ways == {"D"} else "U"


def watch(engine: Engine) -> None:
    """Have every statement that changes something noted on its connection."""

    def note(
        connection: Connection, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        touched = connection.info.get(_INFO)
        compiled = getattr(context, "compiled", None)
        if touched is None or compiled is None:
            return
        how = "C" if context.isinsert else "U" if context.isupdate else "D" if context.isdelete else None
        if how is not None:
            touched.note(compiled.statement.table.name, how, context.compiled_parameters)

    event.listen(engine, "before_cursor_execute", note)


@contextmanager
def watched(connection: Connection) -> Iterator[Touched]:
    """Note what is changed on a connection in the block."""
    touched = connection.info[_INFO] = Touched()
    try:
        yield touched
    finally:
        connection.info.pop(_INFO, None)
