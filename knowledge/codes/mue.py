"""Medically unlikely edits: the most units of a code one patient gets from one provider in a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from knowledge.codes.quarters import nearest, same_quarter
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


@dataclass(frozen=True)
class MueEdition:
    """The limits of one quarter; `day` is its first."""

    day: date
    rows: Sequence[MueRow]


class MueTable:
    """The limits by setting and quarter. Of one quarter, a later edition's row counts before an earlier one's."""

    def __init__(self, editions: Iterable[MueEdition]) -> None:
        self._rows: dict[Setting, dict[date, dict[str, tuple[int, int]]]] = {"practitioner": {}, "outpatient": {}}
        for edition in editions:
            for row in edition.rows:
                if row.practitioner is not None:
                    self._keep("practitioner", edition.day, row, row.practitioner)
                if row.outpatient is not None:
                    self._keep("outpatient", edition.day, row, row.outpatient)

    def _keep(self, setting: Setting, day: date, row: MueRow, value: int) -> None:
        self._rows[setting].setdefault(day, {})[row.code] = (value, row.mai)

    def limit(self, code: str, on: date, setting: Setting = "practitioner") -> Mue | None:
        """Find the limit of `code` for a service on `on`; None when the table of that quarter has none.

        Where the day's own quarter is not there, the nearest one stands in: `same_quarter` tells.
        """
        day = nearest(self._rows[setting], on)
        found = self._rows[setting][day].get(code.strip().upper()) if day is not None else None
        if day is None or found is None:
            return None
        return Mue(
            code=code.strip().upper(),
            value=found[0],
            mai=found[1],
            setting=setting,
            table_date=day,
            same_quarter=same_quarter(on, day),
        )
