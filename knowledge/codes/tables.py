"""All code tables as one immutable value, loaded once and passed in to whoever needs it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from knowledge.codes.administration import Administration, AdministrationTable
from knowledge.codes.carc import Carc, CarcTable
from knowledge.codes.hcpcs import Drug, HcpcsTable, Vial
from knowledge.codes.mue import Mue, MueRow, MueTable, Setting
from knowledge.codes.non_denials import ExpectedBundle, NonDenial, NonDenials
from knowledge.codes.rarc import Rarc, RarcTable
from knowledge.codes.recipes import Recipe, Recipes
from knowledge.codes.sources import HERE, CodeTableError, Source, read_sources, read_table
from knowledge.codes.succession import Succession, UnitTrap

RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Codes:
    """The code tables. Each answers for a code on a day; `sources` says how far to trust it."""

    carc: CarcTable
    rarc: RarcTable
    hcpcs: HcpcsTable
    mue: MueTable
    administration: AdministrationTable
    non_denials: NonDenials
    recipes: Recipes
    sources: MappingProxyType[str, Source]

    @property
    def carc_codes(self) -> frozenset[str]:
        """Every reason code number the table holds, retired ones included."""
        return self.carc.codes

    @property
    def rarc_codes(self) -> frozenset[str]:
        """Every remark number the table describes: about a third of the published list."""
        return self.rarc.codes

    def table_date(self, name: str) -> date:
        """Give the last day the table `name` ("carc", "hcpcs", "mue", ...) speaks for.

        Raises:
            KeyError: when there is no such table.
        """
        return self.sources[name].as_of

    def mue_limit(self, code: str, on: date, setting: Setting = "practitioner") -> Mue | None:
        """Find the limit of what `code` means on `on`; None when the table's row is about another drug.

        A number that was given to another drug after the table's date has no limit in it.
        """
        found = self.mue.limit(code, on, setting)
        if found is None:
            return None
        then, now = self.hcpcs.lookup(code, self.mue.table_date), self.hcpcs.lookup(code, on)
        return found if then == now else None


@cache
def load_codes() -> Codes:
    """Load and check every table beside the code, once a process.

    Raises:
        CodeTableError: naming file, line and field of what does not fit.
    """
    sources = read_sources()

    def rows(name: str, row_type: type[RowT]) -> tuple[RowT, ...]:
        if name not in sources:
            raise CodeTableError(f"sources.yaml: no entry {name!r}; add its file, as_of, confidence and source")
        return read_table(HERE / sources[name].file, row_type)

    carc = CarcTable(rows("carc", Carc))
    return Codes(
        carc=carc,
        rarc=RarcTable(rows("rarc", Rarc)),
        hcpcs=HcpcsTable(
            rows("hcpcs", Drug),
            rows("vials", Vial),
            rows("successors", Succession),
            rows("unit_traps", UnitTrap),
        ),
        mue=MueTable(rows("mue", MueRow), sources["mue"].as_of),
        administration=AdministrationTable(rows("administration", Administration)),
        non_denials=NonDenials(rows("not_denials", NonDenial), rows("expected_bundles", ExpectedBundle), carc),
        recipes=Recipes(rows("recipes", Recipe)),
        sources=MappingProxyType(sources),
    )
