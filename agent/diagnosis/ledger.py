"""The evidence of one case: each statement once, numbered in the order it was found."""

from knowledge.types.evidence import Evidence, EvidenceKind


class Ledger:
    """Collects evidence and gives it ids E1, E2, ... The same statement of the same source is kept once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Evidence] = {}

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
        if key not in self._kept:
            self._kept[key] = Evidence(
                id=f"E{len(self._kept) + 1}",
                kind=kind,
                source=source,
                quote=quote or None,
                says=says,
                values=values or {},
                exhibit=exhibit,
            )
        return self._kept[key].id

    def all(self) -> tuple[Evidence, ...]:
        """Return all evidence in order of its ids."""
        return tuple(self._kept.values())
