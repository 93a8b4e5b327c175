"""Where the series of whole homes are: practice birch, worked on a fixed day."""

from datetime import UTC, datetime
from pathlib import Path

BIRCH = Path(__file__).parents[2] / "evals" / "practices" / "birch" / "folder"
EXPIRED = "ser_b07a3c873091"
"""Two lines of one claim under one authorization that had ended: both wait for a person."""
COMPENDIUM = "ser_31fadc460d7c"
"""Two cycles of one drug, one argument."""


def clock() -> datetime:
    return datetime(2026, 7, 31, 12, tzinfo=UTC)
