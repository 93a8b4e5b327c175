"""The people of a practice, told apart over all records that name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from agent.shield.folding import compact
from agent.shield.identifier import Kind


@dataclass(slots=True)
class Someone:
    """One person under every name the records give; `usual` is the name shown."""

    kind: Kind
    key: str
    usual: str
    born: date | None = None
    names: set[tuple[tuple[str, ...], str]] = field(default_factory=set)


class People:
    """Collects people: one name and birth date, or one number and a shared name, is one person."""

    def __init__(self) -> None:
        self.births: set[date] = set()
        self._by_name: dict[tuple[str, str], list[Someone]] = {}
        self._by_number: dict[str, list[Someone]] = {}
        self._all: list[Someone] = []

    def all(self) -> Iterator[Someone]:
        """Give everyone, in the order they were met."""
        return iter(self._all)

    def knows(self, value: str) -> bool:
        """Tell whether a number is somebody's already."""
        return compact(value) in self._by_number

    def owners(self) -> dict[str, str]:
        """Return the person's key by folded number, where the number is one person's."""
        return {value: found[0].key for value, found in self._by_number.items() if len(found) == 1}

    def add(
        self, given: Sequence[str], family: str, born: date | None, numbers: Sequence[str], alias_of: str = ""
    ) -> None:
        """Add a patient or a relative under a name; `alias_of` is a number of the person, for a further name."""
        if not compact(family) and not any(compact(name) for name in given):
            return
        if born is not None:
            self.births.add(born)
        names = tuple(name for name in given if compact(name))
        named = self._by_number.get(compact(alias_of), ()) if alias_of else ()
        who = next((one for one in named if born is None or one.born in (born, None)), None)
        who = who or self._known(names, family, born, numbers) or self._new("PATIENT", names, family, born)
        self._name(who, names, family)
        for value in numbers:
            held = self._by_number.setdefault(compact(value), []) if compact(value) else [who]
            if who not in held:
                held.append(who)

    def add_staff(self, given: Sequence[str], family: str) -> None:
        """Add someone who works at the practice or for a payer."""
        names = tuple(name for name in given if compact(name))
        same = self._by_name.get(_name_key(names, family), [])
        who = next((one for one in same if one.kind == "STAFF"), None) or self._new("STAFF", names, family, None)
        self._name(who, names, family)

    def _known(self, given: Sequence[str], family: str, born: date | None, numbers: Sequence[str]) -> Someone | None:
        same = [one for one in self._by_name.get(_name_key(given, family), ()) if one.kind == "PATIENT"]
        held = [one for value in numbers for one in self._by_number.get(compact(value), ())]
        for one in same:
            if one in held or (born is not None and one.born == born):
                return one
        if born is None and len(same) == 1:
            return same[0]
        related = [one for one in held if born is None or one.born in (born, None)]
        return next((one for one in related if _related(one, given, family)), None)

    def _new(self, kind: Kind, given: Sequence[str], family: str, born: date | None) -> Someone:
        usual = " ".join((*given[:1], family)).strip()
        who = Someone(kind, f"{kind}:{len(self._all)}:{compact(usual)}", usual, born)
        self._all.append(who)
        return who

    def _name(self, who: Someone, given: tuple[str, ...], family: str) -> None:
        who.names.add((given, family))
        held = self._by_name.setdefault(_name_key(given, family), [])
        if who not in held:
            held.append(who)


def _name_key(given: Sequence[str], family: str) -> tuple[str, str]:
    return compact(family), compact(given[0]) if given else ""


def _related(one: Someone, given: Sequence[str], family: str) -> bool:
    first, last = compact(given[0]) if given else "", compact(family)
    return any(compact(known) == last or (names and compact(names[0]) == first) for names, known in one.names)
