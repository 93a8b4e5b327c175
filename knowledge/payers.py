"""Finds which payer an id, an alias or a name means: exactly one, or none with the reason."""

from collections.abc import Iterable

from knowledge.types.practice import Frozen, Payer


class PayerMatch(Frozen):
    """What a name led to. `payer` is None when nothing or more than one fits; `says` why."""

    payer: Payer | None = None
    says: str = ""


class PayerDirectory:
    """The practice's payers by every id, alias and name; upper and lower case and spacing do not matter."""

    def __init__(self, payers: Iterable[Payer]) -> None:
        self.payers = tuple(payers)
        self._named: dict[str, list[Payer]] = {}
        for payer in self.payers:
            for name in {_key(text) for text in (payer.id, payer.name, *payer.aliases)}:
                if name:
                    self._named.setdefault(name, []).append(payer)

    def resolve(self, name: str) -> Payer | None:
        """Find the one payer that `name` means; None when none or several do (`find` says which)."""
        return self.find(name).payer

    def find(self, name: str) -> PayerMatch:
        """Find the one payer that `name` means, with the reason when there is not one."""
        found = self._named.get(_key(name), [])
        if len(found) == 1:
            return PayerMatch(payer=found[0], says=f"{name!r} is {found[0].id}")
        if not found:
            return PayerMatch(says=f"{name!r} is no id, alias or name in payers.yaml")
        ids = ", ".join(payer.id for payer in found)
        return PayerMatch(says=f"{name!r} is shared by {ids} in payers.yaml; give it to one of them")

    def find_any(self, names: Iterable[str]) -> PayerMatch:
        """Find the one payer that several names of one party mean (a remit's ids and name).

        Names that lead nowhere are passed over; a name shared by several payers is settled by one that is
        not. None when two names mean two payers.
        """
        tried = [name for name in names if _key(name)]
        matches = [self.find(name) for name in tried]
        payers = {match.payer.id: match for match in matches if match.payer is not None}
        if len(payers) == 1:
            return next(iter(payers.values()))
        if payers:
            return PayerMatch(says=f"{', '.join(map(repr, tried))} mean different payers: {', '.join(payers)}")
        return PayerMatch(says="; ".join(match.says for match in matches) or "no payer is named")

    def shared_names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """List the names that several payers carry, with their ids: those resolve to nobody."""
        return tuple(
            (name, tuple(payer.id for payer in payers))
            for name, payers in sorted(self._named.items())
            if len(payers) > 1
        )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
