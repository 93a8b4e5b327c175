"""The rows of every table that ships with the code, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from knowledge.codes.administration import Administration
from knowledge.codes.carc import Carc
from knowledge.codes.hcpcs import Drug, Vial
from knowledge.codes.mue import MueRow
from knowledge.codes.non_denials import ExpectedBundle, NonDenial
from knowledge.codes.rarc import Rarc
from knowledge.codes.recipes import Recipe
from knowledge.codes.sources import HERE, CodeTableError, Source, read_sources, read_table
from knowledge.codes.succession import Succession, UnitTrap

RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipped tables as rows, and where each comes from."""

    sources: Mapping[str, Source]
    reasons: tuple[Carc, ...]
    remarks: tuple[Rarc, ...]
    drugs: tuple[Drug, ...]
    vials: tuple[Vial, ...]
    successions: tuple[Succession, ...]
    traps: tuple[UnitTrap, ...]
    limits: tuple[MueRow, ...]
    administration: tuple[Administration, ...]
    pairs: tuple[NonDenial, ...]
    bundles: tuple[ExpectedBundle, ...]
    recipes: tuple[Recipe, ...]


def read_shipped() -> Shipped:
    """Read every table beside the code.

    Raises:
        CodeTableError: naming file, line and field of what does not fit.
    """
    sources = read_sources()

    def rows(name: str, row_type: type[RowT]) -> tuple[RowT, ...]:
        if name not in sources:
            raise CodeTableError(f"sources.yaml: no entry {name!r}; add its file, as_of, confidence and source")
        return read_table(HERE / sources[name].file, row_type)

    return Shipped(
        sources=sources,
        reasons=rows("carc", Carc),
        remarks=rows("rarc", Rarc),
        drugs=rows("hcpcs", Drug),
        vials=rows("vials", Vial),
        successions=rows("successors", Succession),
        traps=rows("unit_traps", UnitTrap),
        limits=rows("mue", MueRow),
        administration=rows("administration", Administration),
        pairs=rows("not_denials", NonDenial),
        bundles=rows("expected_bundles", ExpectedBundle),
        recipes=rows("recipes", Recipe),
    )
