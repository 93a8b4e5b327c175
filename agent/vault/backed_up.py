"""When a home was last backed up: a note in the home, so that an old backup shows."""

import os
from datetime import datetime
from pathlib import Path

from agent.vault.files import write_safely

NOTE = "backed_up_at"


def note_backup(home: Path, at: datetime) -> None:
    """Note that a backup was finished; `at` is when it was made."""
    unfinished = home / f".{NOTE}.part"
    write_safely(unfinished, at.isoformat().encode())
    os.replace(unfinished, home / NOTE)


def last_backup(home: Path) -> datetime | None:
    """Return when the last backup was made; None where there was none, or the note cannot be read."""
    try:
        at = datetime.fromisoformat((home / NOTE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return at if at.tzinfo is not None else None
