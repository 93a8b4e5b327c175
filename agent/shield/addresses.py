"""The writings of a postal address."""

from collections.abc import Iterator

from agent.shield.folding import compact
from agent.shield.identifier import Identifier
from agent.shield.words import words


def address_writings(street: str, city: str, state: str, code: str) -> Iterator[Identifier]:
    """Give a street with every usual suffix, and its town with state and postal code; a town alone is nobody's."""
    parts = tuple(street.lower().replace(".", " ").replace(",", " ").split())
    folded = tuple(compact(part) for part in parts if compact(part))
    place = compact(city), compact(state), compact(code)[:5]
    of = "ADDRESS:" + "".join(folded) + "".join(place)
    shown = ", ".join(piece for piece in (street, city) if piece)
    if len(folded) > 1 and any(char.isdigit() for char in folded[0]):
        yield Identifier("ADDRESS", of, shown, folded, "address")
        if folded[-1] in words().streets:
            for suffix in sorted(words().streets):
                if suffix[0] == folded[-1][0]:
                    yield Identifier("ADDRESS", of, shown, (*folded[:-1], suffix), "address")
    towns = tuple(compact(part) for part in city.split())
    if towns and place[2]:
        for middle in ((), (place[1],)) if place[1] else ((),):
            yield Identifier("ADDRESS", of, shown, (*towns, *middle, place[2]), "address")
    if place[1] and place[2]:
        yield Identifier("ADDRESS", of, shown, (place[1], place[2]), "address")
