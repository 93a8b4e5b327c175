"""The evidence of one case: each statement once, numbered in the order it was found."""

from collections.abc import Container
from typing import NamedTuple

from knowledge.types.evidence import Evidence, EvidenceKind


class _Statement(NamedTuple):
    number: int
    quote: str | None
    values: dict[str, str]
    exhibit: str


class Ledger:
    """Collects evidence and gives it ids E1, E2, ... The same statement of the same source is kept once."""

    def __init__(self) -> None:
        # Written out as Evidence only when asked for: a claim of a thousand lines states far more than it cites.
        self._kept: dict[tuple[EvidenceKind, str, str], _Statement] = {}
        self._written: dict[int, Evidence] = {}

    def add(
        self,
        kind: EvidenceKind,
        source: str,
        says: str,
        *,
        quote: str | None = None,
        exhibit: str = "",
        values: dict[str, str] | None = None,
    ) -> str:
        """Keep a sourced statement and return its id."""
        key = (kind, source, says)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _Statement(len(self._kept) + 1, quote or None, values or {}, exhibit)
        return f"E{found.number}"

    def all(self) -> tuple[Evidence, ...]:
        """Return all evidence in order of its ids."""
        return tuple(self._evidence(key, kept) for key, kept in self._kept.items())

    def some(self, ids: Container[str]) -> tuple[Evidence, ...]:
        """Return the evidence of these ids, in their order."""
        return tuple(self._evidence(key, kept) for key, kept in self._kept.items() if f"E{kept.number}" in ids)

    def _evidence(self, key: tuple[EvidenceKind, str, str], kept: _Statement) -> Evidence:
        if kept.number not in self._written:
            kind, source, says = key
            self._written[kept.number] = Evidence(
                id=f"E{kept.number}",
                kind=kind,
                source=source,
                quote=kept.quote,
                says=says,
                values=kept.values,
                exhibit=kept.exhibit,
            )
        return self._written[kept.number]
