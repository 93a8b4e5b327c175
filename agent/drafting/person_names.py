"""Names of people as practices print them: who is the same, and which part is the family name."""

from agent.drafting.correction_case import NotCorrectable

_TITLES = frozenset(
    {"md", "do", "np", "pa", "pa-c", "rn", "phd", "dr", "aprn", "facp", "mbbs", "fnp", "fnp-bc", "dnp", "cnp", "arnp"}
)


def _words(name: str) -> list[str]:
    words = [word.strip(",").rstrip(".") for word in name.replace(",", " , ").split()]
    return [word for word in words if word and word.casefold().replace(".", "") not in _TITLES]


def same_person(one: str, other: str) -> bool:
    """Tell whether two printed names can be one person: all words of the shorter stand in the longer, titles aside.

    >>> same_person("Minh Tran MD", "Dr. Tran"), same_person("Minh Tran MD", "Anh Tran MD")
    (True, False)
    """
    first, second = ({word.casefold() for word in _words(name)} for name in (one, other))
    return bool(first) and bool(second) and (first <= second or second <= first)


def split_name(name: str) -> tuple[str, str, str]:
    """Return last, first and middle name. Raises NotCorrectable where the parts cannot be told.

    >>> split_name("Judith A. Amsel MD"), split_name("Amsel, Judith MD")
    (('Amsel', 'Judith', 'A'), ('Amsel', 'Judith', ''))
    """
    family, comma, rest = name.partition(",")
    given = _words(rest)
    if comma and given and len(_words(family)) == 1:
        return _parts(name, _words(family)[0], given)
    words = _words(name)
    if len(words) < 2:
        raise NotCorrectable(f"{name!r} is no full name: get the name as the payer has it")
    return _parts(name, words[-1], words[:-1])


def _parts(name: str, family: str, given: list[str]) -> tuple[str, str, str]:
    if len(given) == 1:
        return family, given[0], ""
    if len(given) == 2 and len(given[1]) == 1:
        return family, given[0], given[1]
    raise NotCorrectable(f"{name!r} has more names than can be told apart: get the name as the payer has it")
