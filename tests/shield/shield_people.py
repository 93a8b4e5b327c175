"""People invented for the shield's tests, as identifiers."""

from datetime import date

from agent.shield.addresses import address_writings
from agent.shield.identifier import Identifier, number
from agent.shield.identifiers import Identifiers
from agent.shield.names import person
from agent.shield.people import People

PROTECTED = frozenset({"j9271", "96413", "c3411"})


def identifiers(
    *people: tuple[tuple[str, ...], str, date | None, str],
    numbers: tuple[tuple[str, str], ...] = (),
    staff: tuple[tuple[str, str], ...] = (),
    addresses: tuple[tuple[str, str, str, str], ...] = (),
) -> Identifiers:
    """Make identifiers of people (given names, family, birth, member number) and numbers (kind, value)."""
    known = People()
    items: list[Identifier] = []
    for given, family, born, member in people:
        known.add(given, family, born, (member,))
        items += [one for one in (number("MEMBER", member, PROTECTED),) if one]
    for given_name, family in staff:
        known.add_staff((given_name,), family)
    for kind, value in numbers:
        items += [one for one in (number(kind, value, PROTECTED),) if one]  # type: ignore[arg-type]
    for where in addresses:
        items += list(address_writings(*where))
    for who in known.all():
        for given_names, family in who.names:
            items += list(person(who.kind, who.key, given_names, family, who.usual))
    return Identifiers(tuple(items), frozenset(known.births), known.owners())


CEDAR = identifiers(
    (("Grace", "Adaeze"), "Okafor", date(1960, 3, 4), "CHP400118"),
    (("Brigid",), "O'Connell", date(1960, 6, 21), "CHP400209"),
    (("José",), "Muñoz-Rivera", date(1957, 11, 8), "CHP400731"),
    (("May",), "Long", date(1955, 5, 9), "CHP400999"),
    (("An",), "Ng", date(1971, 1, 2), "CHP401000"),
    (("Maria",), "Ramirez", date(1965, 9, 3), "CHP400305"),
    (("Maria",), "Ramirez", date(1949, 2, 1), "CHP400306"),
    (("Jürgen",), "Schäfer", date(1950, 12, 24), "CHP400307"),
    numbers=(
        ("MRN", "CED10018"),
        ("MRN", "48213"),
        ("CLAIM", "CED26-0316"),
        ("ICN", "26C260316"),
        ("AUTH", "A-1"),
        ("AUTH", "CHP-55102"),
        ("TRACE", "271-88014"),
        ("LINE", "CED26-0316L1"),
        ("LINE", "1"),
        ("GROUP", "MESA-510"),
        ("NPI", "1888888884"),
        ("MRN", "96413"),
    ),
    staff=(("Dana", "Ruiz"), ("Lena", "Park")),
    addresses=(("2210 Larimer St", "Denver", "CO", "80205"),),
)
