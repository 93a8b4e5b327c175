"""The authorities table: what may be cited, since when, for which line of business, and how sure we are of it."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from knowledge.types.practice import Frozen, LineOfBusiness

TABLE = Path(__file__).parent / "authorities.yaml"

Confidence = Literal["primary", "secondary", "knowledge", "unsure"]
"""How sure we are: checked against a copy of the text; against somebody else's page; known, confirm it; not sure."""


class AuthorityTableError(Exception):
    """The authorities table cannot be used: which entry, what was wrong, what to do."""


class Authority(Frozen):
    """One thing a letter may cite.

    `in_force_from` is a day from which it held for certain (it may be older), `in_force_to` its last day; `counts_from`
    says which day must lie between: that of the service, or that of the payer's determination. `says` is what it says,
    in our own words, with the citation in it. `citable` False = known, and not for a provider's letter: `why_not`.
    """

    id: str
    kind: Literal["statute", "regulation", "manual", "coverage_determination", "compendium", "proposed_rule"]
    citation: str
    names: tuple[str, ...] = ()
    title: str
    says: str
    in_force_from: date | None
    in_force_to: date | None = None
    counts_from: Literal["service", "determination"] = "service"
    applies_to: tuple[LineOfBusiness, ...]
    source: str
    checked_on: date
    confidence: Confidence
    citable: bool = True
    why_not: str = ""
    gaps: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.citable and (self.confidence == "unsure" or self.in_force_from is None or not self.applies_to):
            raise ValueError("what may be cited needs a date, a line of business and more certainty than unsure")
        if not self.citable and not self.why_not:
            raise ValueError("why_not must say why it may not be cited")
        if self.citation not in self.says and self.citable:
            raise ValueError(f"says must name the citation {self.citation!r}")
        return self

    def holds(self, line_of_business: LineOfBusiness, served: date | None, determined: date | None) -> bool:
        """Tell whether a letter about this service to such a payer may cite it; an unknown day is never enough."""
        day = served if self.counts_from == "service" else determined
        if not self.citable or day is None or self.in_force_from is None or line_of_business not in self.applies_to:
            return False
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def spellings(self) -> tuple[str, ...]:
        """Return every way the table knows to write the citation."""
        return (self.citation, *self.names)


class _Table(Frozen):
    authorities: tuple[Authority, ...] = Field(min_length=1)


@cache
def load_authorities(path: Path = TABLE) -> tuple[Authority, ...]:
    """Load the table in its own order, once.

    Raises:
        AuthorityTableError: the file cannot be read, an entry is not of the expected form, or an id stands twice.
    """
    try:
        found = _Table.model_validate(yaml.safe_load(path.read_text("utf-8"))).authorities
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise AuthorityTableError(f"{path.name}: {where}: {first['msg']}; correct the entry") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AuthorityTableError(f"{path.name}: {error}; restore the file") from error
    twice = sorted({one.id for one in found if [other.id for other in found].count(one.id) > 1})
    if twice:
        raise AuthorityTableError(f"{path.name}: {', '.join(twice)} stands twice; give each entry its own id")
    return found
