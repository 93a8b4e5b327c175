"""Which HCPCS code a package (NDC) is billed under, by quarter, and how many billing units it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge.codes.quarters import nearest, same_quarter
from knowledge.types.practice import Frozen


class NdcRow(Frozen):
    """A row of the table as loaded: see `CrosswalkRow`."""

    ndc: str
    code: str
    drug: str = ""
    labeler: str = ""
    dosage: str = ""
    size: Decimal | None = None
    quantity: Decimal | None = None
    per_item: Decimal | None = None
    per_package: Decimal


class CrosswalkRow(NdcRow):
    """A package and its code. `ndc` is 11 digits without dashes.

    `size` is the amount in one item in the NDC's own unit (4 = 4 mL of a liquid; 1 = a powder vial), `quantity`
    the items in the package; `per_item` and `per_package` are billing units of `code`; `dosage` is one billing
    unit in words. `table_date` is the quarter's first day; `same_quarter` False means the table is not the one of
    the service date: the package may have had another code then.
    """

    table_date: date
    same_quarter: bool


@dataclass(frozen=True)
class NdcEdition:
    """The crosswalk of one quarter; `day` is its first."""

    day: date
    rows: Sequence[NdcRow]


class NdcTable:
    """The crosswalks that have been loaded; empty until one is. Absence of a package proves nothing."""

    def __init__(self, editions: Iterable[NdcEdition] = ()) -> None:
        self._editions: dict[date, dict[str, list[NdcRow]]] = {}
        for edition in editions:
            rows = self._editions.setdefault(edition.day, {})
            for row in edition.rows:
                rows.setdefault(row.ndc, []).append(row)

    @property
    def loaded(self) -> bool:
        """Whether any crosswalk is there."""
        return bool(self._editions)

    def rows(self, ndc11: str, on: date) -> tuple[CrosswalkRow, ...]:
        """List the codes of a package in the quarter nearest to `on`, by code; empty when it is not there."""
        day = nearest(self._editions, on)
        if day is None:
            return ()
        found = self._editions[day].get(ndc11, [])
        same = same_quarter(day, on)
        return tuple(
            CrosswalkRow(**row.model_dump(), table_date=day, same_quarter=same)
            for row in sorted(found, key=lambda row: row.code)
        )

    def lookup(self, ndc11: str, on: date) -> CrosswalkRow | None:
        """Find the one code of a package; None when it is not there or is billed under several."""
        found = self.rows(ndc11, on)
        return found[0] if len(found) == 1 else None
