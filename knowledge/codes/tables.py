"""All code tables as one immutable value, loaded once and passed in to whoever needs it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from knowledge.codes.administration import AdministrationTable
from knowledge.codes.carc import CarcTable
from knowledge.codes.hcpcs import HcpcsTable
from knowledge.codes.home_tables import LoadedSource, read_loaded
from knowledge.codes.loaded_rows import LoadedDrug, LoadedReason, LoadedRemark
from knowledge.codes.mue import Mue, MueEdition, MueRow, MueTable, Setting
from knowledge.codes.ndc import NdcEdition, NdcRow, NdcTable
from knowledge.codes.non_denials import NonDenials
from knowledge.codes.overlay import lay_drugs, lay_reasons, lay_remarks
from knowledge.codes.quarters import nearest
from knowledge.codes.rarc import RarcTable
from knowledge.codes.recipes import Recipes
from knowledge.codes.shipped import Shipped, read_shipped
from knowledge.codes.sources import Source, read_table

RowT = TypeVar("RowT", bound=BaseModel)

_QUARTERLY = frozenset({"mue", "ndc"})
"""Tables whose rows hold for their quarter only; the rows of the others carry days of their own."""


def _part(source: Source) -> str:
    return source.part if isinstance(source, LoadedSource) else ""


@dataclass(frozen=True, slots=True)
class Codes:
    """The code tables. Each answers for a code on a day; `sources` says how far to trust it.

    `sources` are the shipped tables by name and those loaded into a home by entry name ("hcpcs-2026-10-01");
    `row_sources` the loaded source that has the last word on a code, by table and code.
    """

    carc: CarcTable
    rarc: RarcTable
    hcpcs: HcpcsTable
    mue: MueTable
    ndc: NdcTable
    administration: AdministrationTable
    non_denials: NonDenials
    recipes: Recipes
    sources: MappingProxyType[str, Source]
    row_sources: MappingProxyType[tuple[str, str], Source] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def carc_codes(self) -> frozenset[str]:
        """Every reason code number the table holds, retired ones included."""
        return self.carc.codes

    @property
    def rarc_codes(self) -> frozenset[str]:
        """Every remark number the table describes: about a third of the published list."""
        return self.rarc.codes

    def table_date(self, name: str) -> date:
        """Give the last day the table `name` ("carc", "hcpcs", "mue", ...) speaks for, what was loaded counted in.

        Raises:
            KeyError: when there is no such table.
        """
        days = [source.as_of for source in self._sources(name)]
        if not days:
            raise KeyError(name)
        return max(days)

    def source_of(self, table: str, code: str, on: date | None = None, part: str = "") -> Source:
        """Give the source that has the last word on a code in a table.

        Of a table that is published anew each quarter it is the one for the day `on` (the newest without a day),
        of the MUE that of the setting `part`.

        Raises:
            KeyError: when there is no such table.
        """
        if table not in _QUARTERLY:
            return self.row_sources.get((table, code.strip().upper()), self.sources[table])
        editions = {s.as_of: s for s in self._sources(table) if not part or _part(s) in ("", part)}
        day = nearest(editions, on) if on is not None else max(editions, default=None)
        if day is None:
            raise KeyError(table)
        return editions[day]

    def _sources(self, table: str) -> tuple[Source, ...]:
        shipped = (self.sources[table],) if table in self.sources else ()
        loaded = (each for each in self.sources.values() if isinstance(each, LoadedSource) and each.table == table)
        return (*shipped, *sorted(loaded, key=lambda each: each.as_of))

    def reaches(self, table: str, code: str, on: date) -> bool:
        """Tell whether the row of a code may be relied on to be in force on a day: False when the table is older.

        A table tells what was published up to its quarter. That a code was in force then does not prove that it is
        later on; that it had ended, or was to begin later, stays true.
        """
        return not self.source_of(table, code, on).older_than(on)

    def mue_limit(self, code: str, on: date, setting: Setting = "practitioner") -> Mue | None:
        """Find the limit of what `code` means on `on`; None when the table's row is about another drug.

        A number that was given to another drug after the table's date has no limit in it.
        """
        found = self.mue.limit(code, on, setting)
        if found is None:
            return None
        then, now = self.hcpcs.lookup(code, found.table_date), self.hcpcs.lookup(code, on)
        return found if then == now else None


def load_codes(loaded: Path | None = None) -> Codes:
    """Load and check every table, once: those beside the code, and over them those of a home.

    Args:
        loaded: a home's `codes` folder; what has been loaded into it is laid over what ships with the code. None,
            or a folder that is not there: what ships.

    Raises:
        CodeTableError: naming file, line and field of what does not fit.
    """
    entries = read_loaded(loaded) if loaded is not None else {}
    if loaded is None or not entries:
        return _as_shipped()
    return _of_home(loaded, tuple(entries.values()))


@cache
def _shipped() -> Shipped:
    return read_shipped()


@cache
def _as_shipped() -> Codes:
    return _build(None, ())


@lru_cache(maxsize=4)
def _of_home(folder: Path, entries: tuple[LoadedSource, ...]) -> Codes:
    """Keep the tables of a home. An entry holds the digest of its rows: the same entries are the same tables."""
    return _build(folder, entries)


def _build(folder: Path | None, entries: tuple[LoadedSource, ...]) -> Codes:
    shipped = _shipped()
    loads = sorted(entries, key=lambda entry: (entry.as_of, entry.name))

    def of(table: str, row_type: type[RowT]) -> list[tuple[LoadedSource, tuple[RowT, ...]]]:
        if folder is None:
            return []
        return [(entry, read_table(folder / entry.file, row_type)) for entry in loads if entry.table == table]

    own = shipped.sources
    drugs = lay_drugs(shipped.drugs, own["hcpcs"], of("hcpcs", LoadedDrug))
    reasons = lay_reasons(shipped.reasons, own["carc"], of("carc", LoadedReason))
    remarks = lay_remarks(shipped.remarks, own["rarc"], of("rarc", LoadedRemark))
    carc = CarcTable(reasons.rows, reasons.listed)
    editions = [MueEdition(own["mue"].as_of, shipped.limits)]
    editions += [MueEdition(entry.as_of, rows) for entry, rows in of("mue", MueRow)]
    words = {"hcpcs": drugs.sources, "carc": reasons.sources, "rarc": remarks.sources}
    return Codes(
        carc=carc,
        rarc=RarcTable(remarks.rows, remarks.listed),
        hcpcs=HcpcsTable(drugs.rows, shipped.vials, shipped.successions, shipped.traps),
        mue=MueTable(editions),
        ndc=NdcTable(NdcEdition(entry.as_of, rows) for entry, rows in of("ndc", NdcRow)),
        administration=AdministrationTable(shipped.administration),
        non_denials=NonDenials(shipped.pairs, shipped.bundles, carc),
        recipes=Recipes(shipped.recipes),
        sources=MappingProxyType({**own, **{entry.name: entry for entry in loads}}),
        row_sources=MappingProxyType(
            {(table, code): source for table, found in words.items() for code, source in found.items()}
        ),
    )
