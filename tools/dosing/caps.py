"""Limits a label sets to a computed dose: surface, clearance, or milligrams (domain facts 4.1). As of 2026-11-23."""

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from knowledge.types.practice import Frozen


class Cap(Frozen):
    """One limit: `limit` in m2, mg or mL/min by `kind`; `drug` is the start of the generic name."""

    drug: str
    kind: Literal["bsa_m2", "dose_mg", "gfr_ml_min"]
    limit: Decimal
    source: str


@cache
def _caps() -> tuple[Cap, ...]:
    text = files("tools.dosing").joinpath("caps.csv").read_text(encoding="utf-8")
    return tuple(Cap.model_validate(row) for row in csv.DictReader(text.splitlines()))


def cap_of(drug: str) -> Cap | None:
    """Find the limit of a drug by its generic name ("enfortumab vedotin-ejfv"), None when it has none."""
    name = drug.strip().lower()
    return next((cap for cap in _caps() if name.startswith(cap.drug)), None)
