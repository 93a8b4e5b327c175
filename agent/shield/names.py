"""The writings of a person's name: both orders, initials, parts of double names, with and without signs."""

import re
from collections.abc import Iterator, Sequence

from agent.shield.folding import compact, readings
from agent.shield.identifier import Identifier, Kind, Rule
from agent.shield.words import words

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"})


def person(kind: Kind, of: str, given: Sequence[str], family: str, usual: str = "") -> Iterator[Identifier]:
    """Give every writing of a name; `usual` is how it is shown, else the first given name and the family name."""
    givens = [name for name in (" ".join(part.split()) for part in given) if compact(name)]
    family = _without_suffix(" ".join(family.split()))
    shown = usual or " ".join((*givens[:1], family)).strip()
    for spelled in dict.fromkeys((family, family.translate(_UMLAUTS))):
        for spelled_givens in {tuple(givens), tuple(name.translate(_UMLAUTS) for name in givens)}:
            yield from _whole(kind, of, shown, list(spelled_givens), spelled)
            for name in (spelled, *spelled_givens):
                yield from _alone(kind, of, shown, name)


def split_name(name: str) -> tuple[tuple[str, ...], str]:
    """Return given names and family name of a name in one string, "Ruiz, Dana MD" or "Dana Ruiz MD"."""
    known = words()
    last, comma, rest = name.partition(",")
    if comma and compact(rest) not in known.credentials | known.suffixes and not _is_credential(rest):
        family, givens = last, rest.split()
    else:
        pieces = last.split()
        while pieces and _is_credential(pieces[-1]):
            pieces.pop()
        first = len(pieces) - 1
        while first > 1 and compact(pieces[first - 1]) in known.particles:
            first -= 1
        family, givens = " ".join(pieces[first:]), pieces[:first]
    kept = [part for part in givens if not _is_credential(part) and compact(part) not in known.honorifics]
    return tuple(kept), family


def has_credential(name: str) -> bool:
    """Tell whether a name ends with a degree or licence ("RN", "PharmD")."""
    return any(_is_credential(part) for part in re.split(r"[\s,]+", name)[1:])


def _is_credential(text: str) -> bool:
    return compact(text) in words().credentials and not text.strip(" .,").islower()


def _without_suffix(family: str) -> str:
    pieces = re.split(r"[\s,]+", family)
    while len(pieces) > 1 and compact(pieces[-1]) in words().suffixes:
        pieces.pop()
    return " ".join(pieces)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", readings(name)[0].folded))


def _whole(kind: Kind, of: str, shown: str, givens: list[str], family: str) -> Iterator[Identifier]:
    last = _parts(family)
    if not last or not givens:
        return
    firsts = {_parts(givens[0]), tuple(part for name in givens for part in _parts(name))}
    for first in sorted(part for part in firsts if part):
        rule: Rule = "capital" if _all_usual((*first, *last)) else "name"
        yield Identifier(kind, of, shown, (*first, *last), rule)
        yield Identifier(kind, of, shown, (*last, *first), rule)
    initials = [compact(name)[:1] for name in givens if compact(name)]
    for letters in {tuple(initials[:1]), tuple(initials)}:
        yield Identifier(kind, of, shown, (*letters, *last), "initial")
        yield Identifier(kind, of, shown, (*last, *letters), "initial")
    if len(givens) > 1:
        yield Identifier(kind, of, shown, (*_parts(givens[0]), *initials[1:], *last), "initial")
        yield Identifier(kind, of, shown, (*last, *_parts(givens[0]), *initials[1:]), "initial")


def _alone(kind: Kind, of: str, shown: str, name: str) -> Iterator[Identifier]:
    """Give a name by itself, and the parts of a double one."""
    parts = _parts(name)
    if not parts:
        return
    alone = [parts]
    if len(parts) > 1:
        long = [part for part in parts if len(part) >= 3 and part not in words().particles]
        alone += [(part,) for part in long]
    for writing in alone:
        key = "".join(writing)
        if len(key) == 1:
            continue
        rule = _rule_alone(key)
        yield Identifier(kind, of, shown, writing, rule)
        if rule == "name" and len(key) >= 4:
            yield Identifier(kind, of, shown, (*writing[:-1], writing[-1] + "s"), rule)


def _rule_alone(key: str) -> Rule:
    known = words()
    if key in known.function:
        return "beside"
    usual = key in known.ordinary | known.organisations | known.streets | known.credentials | known.before_number
    return "capital" if usual or len(key) <= 3 else "name"


def _all_usual(parts: Sequence[str]) -> bool:
    known = words()
    return all(part in known.ordinary | known.function or len(part) <= 2 for part in parts)
