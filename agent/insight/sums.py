"""Dollars and counts: of a selection, by one value, by two; by age and by clock."""

from datetime import date
from decimal import Decimal
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from agent.insight.selection import NOTHING, Age, Due, Selection, aged, due, marked
from agent.insight.snapshot import Mask, Snapshot
from knowledge.records.money import to_dollars
from knowledge.types.practice import Frozen

Dimension = Literal["payer_id", "hcpcs", "root_cause", "site", "month"]
Measure = Literal["denied", "open", "recovered", "lost"]

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
MEASURES: tuple[Measure, ...] = get_args(Measure)
_CENTS: dict[Measure, str] = {"denied": "amount", "open": "amount", "recovered": "recovered", "lost": "lost"}


class Sum(Frozen):
    """How many denials, and their dollars."""

    count: int = 0
    dollars: Decimal = Decimal("0.00")


class Sums(Frozen):
    """The four of the dashboard. They do not add up: a denial may be won by less than was denied."""

    denied: Sum
    open: Sum
    recovered: Sum
    lost: Sum

    def of(self, measure: Measure) -> Sum:
        """Return one of them."""
        found: Sum = getattr(self, measure)
        return found


class Cell(Frozen):
    """One number of a pivot: the denials it is about, and what they come to."""

    row: str | None
    column: str | None
    sum: Sum


class Pivot(Frozen):
    """A measure by one dimension, or by two. Rows and columns stand by dollars, most first; months by their order.

    `cells` holds those that are not empty; `row_sums`, `column_sums` and `whole` add up all of them.
    """

    measure: Measure
    rows: Dimension
    columns: Dimension | None
    row_sums: tuple[Cell, ...]
    column_sums: tuple[Cell, ...]
    cells: dict[tuple[str | None, str | None], Sum]
    whole: Sum


def sum_of(snapshot: Snapshot, mask: Mask, cents: str = "amount") -> Sum:
    """Add up marked denials."""
    return Sum(count=int(np.count_nonzero(mask)), dollars=to_dollars(int(snapshot.cents(cents)[mask].sum())))


def sums(snapshot: Snapshot, wanted: Selection, as_of: date) -> Sums:
    """Add up the four of a selection; its `of` is not looked at."""
    found = {measure: _measured(snapshot, wanted, measure, as_of) for measure in MEASURES}
    return Sums(**{name: sum_of(snapshot, mask, _CENTS[name]) for name, mask in found.items()})


def sums_by(snapshot: Snapshot, wanted: Selection, by: Dimension, as_of: date) -> dict[str | None, Sums]:
    """Add up the four of a selection by a value."""
    found: dict[Measure, dict[str | None, Sum]] = {}
    for measure in MEASURES:
        grouped = pivot(snapshot, wanted, measure, by, None, as_of)
        found[measure] = {cell.row: cell.sum for cell in grouped.row_sums}
    every = found["denied"]
    return {value: Sums(**{name: held.get(value, Sum()) for name, held in found.items()}) for value in every}


def pivot(
    snapshot: Snapshot,
    wanted: Selection,
    measure: Measure,
    rows: Dimension,
    columns: Dimension | None,
    as_of: date,
) -> Pivot:
    """Add up a measure of a selection by one dimension or two."""
    mask = _measured(snapshot, wanted, measure, as_of)
    cents = snapshot.cents(_CENTS[measure])[mask]
    row, across = snapshot.column(rows), snapshot.column(columns or rows)
    width = len(across.names) if columns else 1
    keys = row.codes[mask].astype(np.int64) * width + (across.codes[mask] if columns else 0)
    size = max(len(row.names) * width, 1)
    counts = np.bincount(keys, minlength=size).reshape(-1, width)
    # Cents add up exactly in doubles up to 2**53: ninety trillion dollars.
    dollars = np.bincount(keys, weights=cents, minlength=size).reshape(-1, width)
    cells = {
        (row.names[r], across.names[c] if columns else None): Sum(
            count=int(counts[r, c]), dollars=to_dollars(int(dollars[r, c]))
        )
        for r, c in zip(*(side.tolist() for side in np.nonzero(counts)), strict=True)
    }
    return Pivot(
        measure=measure,
        rows=rows,
        columns=columns,
        row_sums=_ordered(rows, row.names, counts.sum(axis=1), dollars.sum(axis=1), across=False),
        column_sums=_ordered(columns, across.names, counts.sum(axis=0), dollars.sum(axis=0), across=True)
        if columns
        else (),
        cells=cells if columns else {},
        whole=sum_of(snapshot, mask, _CENTS[measure]),
    )


def ages(snapshot: Snapshot, wanted: Selection, as_of: date) -> dict[Age, Sum]:
    """Add up the open denials of a selection by the days since their remit."""
    within = marked(snapshot, wanted, as_of)
    return {age: sum_of(snapshot, within & aged(snapshot, age, as_of)) for age in get_args(Age)}


def dues(snapshot: Snapshot, wanted: Selection, as_of: date) -> dict[Due, Sum]:
    """Add up the open denials of a selection by the days left on their first clock."""
    within = marked(snapshot, wanted, as_of)
    return {each: sum_of(snapshot, within & due(snapshot, each, as_of)) for each in get_args(Due)}


def narrowed(wanted: Selection, name: Dimension, value: str | None) -> Selection:
    """Return a selection with one value more."""
    return wanted.model_copy(update={name: NOTHING if value is None else value})


def _measured(snapshot: Snapshot, wanted: Selection, measure: Measure, as_of: date) -> Mask:
    return marked(snapshot, wanted.model_copy(update={"of": measure}), as_of)


def _ordered(
    dimension: Dimension | None,
    names: list[str | None],
    counts: npt.NDArray[np.int64],
    dollars: npt.NDArray[np.float64],
    *,
    across: bool,
) -> tuple[Cell, ...]:
    found = [
        Cell(
            row=None if across else names[code],
            column=names[code] if across else None,
            sum=Sum(count=int(counts[code]), dollars=to_dollars(int(dollars[code]))),
        )
        for code in np.flatnonzero(counts).tolist()
    ]
    if dimension == "month":
        return tuple(sorted(found, key=lambda cell: cell.row or cell.column or ""))
    return tuple(sorted(found, key=lambda cell: (-cell.sum.dollars, cell.row or cell.column or "")))
