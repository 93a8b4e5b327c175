"""Score the binding deadline: the action whose clock runs out first, and the day."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evals.labels import Label
from evals.practices.building.clocks import clock
from evals.scorers.verdict import Verdict, missed, shown
from knowledge.types.record import DenialRecord

PayerRows = dict[str, dict[str, Any]]

_FIELD = "deadline"


def read_payer_rows(folder: Path) -> PayerRows:
    """Read the folder's payers.yaml by payer id, apart from the product's own reader."""
    rows = yaml.safe_load((folder / "payers.yaml").read_text(encoding="utf-8"))
    return {str(row["id"]): row for row in rows}


def score_deadline(label: Label, record: DenialRecord | None, payers: PayerRows) -> Verdict:
    """Judge action and date of the first deadline.

    Strict: the label's. Lenient: also none, or another action, where the label allows it (its own, or the remedy it
    accepts in place of its own), on the day that payers.yaml gives for that action.
    """
    alternatives = label.alternatives("binding_deadline")
    binding = label.binding_deadline
    expected = f"{binding.action} {binding.date}" if binding else None
    if record is None:
        return missed(_FIELD, expected)
    first = record.deadlines[0] if record.deadlines else None
    found = f"{first.action} {first.date}" if first else None
    strict = found == expected
    lenient = strict or (first is None and None in alternatives)
    if first is not None and not lenient:
        actions = {*alternatives, *(name for name in label.alternatives("remedy") if name == record.remedy)}
        lenient = first.action in actions and first.date in _days(label, record, payers, first.action)
    return Verdict(_FIELD, strict, lenient, shown(expected, alternatives), shown(found))


def _days(label: Label, record: DenialRecord, payers: PayerRows, action: str) -> set[str]:
    """Return the day an action runs out by the payer's row, counted as labels count it."""
    row = payers.get(label.payer_id)
    served, paid = record.line.service_date if record.line else None, record.remit.paid_on
    if row is None or paid is None:
        return set()
    name = "new_claim" if action == "bill_other_payer" else action
    day = clock(name, row, date.fromisoformat(served or paid), date.fromisoformat(paid))
    return {day.isoformat()} if day else set()
