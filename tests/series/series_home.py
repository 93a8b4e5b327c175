"""Where the series of whole homes are: some remits of practice birch, worked on a fixed day."""

from datetime import UTC, datetime
from pathlib import Path

BIRCH = Path(__file__).parents[2] / "evals" / "practices" / "birch" / "folder"
REMITS = ("nsh-may.era", "nsh_june_july.edi", "remit_0624.835")
"""The remits worked: two payers' series, released whole, in part and not at all."""
EXPIRED = "ser_b07a3c873091"
"""Two lines of one claim under one authorization that had ended: both wait for a person."""
COMPENDIUM = "ser_31fadc460d7c"
"""Two cycles of one drug, one argument."""


def clock() -> datetime:
    return datetime(2026, 7, 31, 12, tzinfo=UTC)
