"""What the reasons at the foot of a remit move: a claim's own money, or the provider's as a whole."""

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

from knowledge.types.practice import Frozen


class PlbReason(Frozen):
    """One reason of PLB03. `kind` "claim": it moves money of a claim, which its reference should name."""

    reason: str
    meaning: str
    kind: Literal["claim", "provider"]
    source: str


@cache
def _reasons() -> dict[str, PlbReason]:
    text = files(__package__).joinpath("plb.csv").read_text(encoding="utf-8")
    rows = [PlbReason.model_validate(row) for row in csv.DictReader(text.splitlines())]
    return {row.reason: row for row in rows}


def plb_reason(reason: str) -> PlbReason:
    """Return what is known of a reason; one the table does not have moves the provider's money, and says so."""
    unknown = PlbReason(reason=reason, meaning=f"reason {reason}", kind="provider", source="not in the table")
    return _reasons().get(reason.strip().upper(), unknown)
