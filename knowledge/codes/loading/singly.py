"""Keeps rows whose key stands once, or several times with the same content."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from knowledge.codes.loading.parsed import RowFault

RowT = TypeVar("RowT", bound=BaseModel)


def keep_agreeing(
    file: str, rows: Sequence[tuple[int, RowT]], key: Callable[[RowT], object], column: str
) -> tuple[list[RowT], list[RowFault]]:
    """Return one row a key, in order, and a fault for every row that contradicts another of its key.

    Rows that contradict each other are all left out: which of them is right cannot be told.
    """
    by_key: dict[object, list[tuple[int, RowT]]] = {}
    for number, row in rows:
        by_key.setdefault(key(row), []).append((number, row))
    kept: list[RowT] = []
    faults: list[RowFault] = []
    for group in by_key.values():
        if all(row == group[0][1] for _, row in group):
            kept.append(group[0][1])
            continue
        numbers = [str(number) for number, _ in group]
        for number, _ in group:
            others = ", ".join(each for each in numbers if each != str(number))
            faults.append(RowFault(file, number, column, f"stands again with other values in row {others}"))
    return kept, faults
