"""Medically unlikely edits: the most units of a code one patient gets from one provider in a day."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from knowledge.types.practice import Frozen

Setting = Literal["practitioner", "outpatient"]


class MueRow(Frozen):
    """A row of the table as loaded; a blank limit is unknown."""

    code: str
    practitioner: int | None = None
    outpatient: int | None = None
    mai: Annotated[int, Field(ge=1, le=3)]


class Mue(Frozen):
    """A limit in billing units. `mai` 1 = per line, 2 = per day and absolute, 3 = per day, can be overturned.

    All lines of the code on the day count together, the discarded units (JW) included. `table_date` is the
    quarter's first day; `same_quarter` False means the table is not the one of the service date.
    """

    code: str
    value: int
    mai: Annotated[int, Field(ge=1, le=3)]
    setting: Setting
    table_date: date
    same_quarter: bool


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


class MueTable:
    """The limits of one quarter."""

    def __init__(self, rows: Iterable[MueRow], table_date: date) -> None:
        self._rows = {row.code: row for row in rows}
        self.table_date = table_date

    def limit(self, code: str, on: date, setting: Setting = "practitioner") -> Mue | None:
        """Find the limit of `code` for a service on `on`; None when the table has none.

        The table's quarter stands in for any day; `same_quarter` tells whether it is the day's own.
        """
        row = self._rows.get(code.strip().upper())
        if row is None:
            return None
        value = row.practitioner if setting == "practitioner" else row.outpatient
        if value is None:
            return None
        return Mue(
            code=row.code,
            value=value,
            mai=row.mai,
            setting=setting,
            table_date=self.table_date,
            same_quarter=_quarter(on) == _quarter(self.table_date),
        )
