"""All identifiers of a practice, compiled, and found in a text in one pass over its words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from agent.shield.folding import Reading
from agent.shield.identifier import Identifier, Rule
from agent.shield.words import words

_ATOM = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]")
_NAME_GAP = re.compile(r"[^\w\s]{0,3}\s{0,60}[^\w\s]{0,3}|_{1,2}")
_NUMBER_GAP = re.compile(r"[ \-./_:*#\\]{0,2}")
_DIGIT_GAP = re.compile(r"[ -]?")
_HYPHENATED = re.compile(r"-[ \t]*\r?\n[ \t]*")
_DATE = re.compile(r"(?:19|20)\d\d([- ])\d\d?\1\d\d?|\d\d?([- ])\d\d?\2(?:19|20)\d\d")
_LABEL = re.compile(
    r"(?:mrn|member|subscriber|medical record|claim|auth\w*|account|acct|group|line|control|reference|ref|trace|icn|"
    r"npi|tax|ein|policyholder|patient|id|no|num|number|#|6r|g1|f8|1l|ea)[\"'\s:=#*./_>-]{0,6}$"
)
_NUMBER_LABEL = re.compile(r"(?:id|no\.?|num|number|#|control|mrn|6r|g1|f8|1l|ea)[\"'\s:=#*>_-]{0,6}$")
_TITLE = re.compile(r"(?:^|[^a-z])([a-z]+)\.?\s{1,3}$")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something known at `start` to `end` of the text; `meanings` are the things it may be."""

    start: int
    end: int
    meanings: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Lexicon:
    """Identifiers by their letters. Build once a practice; looking something up does not change it."""

    _known: dict[str, list[Identifier]] = field(default_factory=dict)
    _prefixes: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, identifiers: Iterable[Identifier]) -> "Lexicon":
        """Compile identifiers."""
        lexicon = cls()
        for identifier in dict.fromkeys(identifiers):
            key = identifier.key
            lexicon._known.setdefault(key, []).append(identifier)
            lexicon._prefixes.update(key[:length] for length in range(1, len(key) + 1))
        return lexicon

    def hits(self, reading: Reading) -> Iterator[Hit]:
        """Give what is known in a reading, the longest at each place, left to right."""
        atoms = [_Atom(found.group().lower(), *found.span()) for found in _ATOM.finditer(reading.cased)]
        place = 0
        while place < len(atoms):
            last, meanings = self._longest(atoms, place, reading)
            if meanings:
                yield Hit(reading.starts[atoms[place].start], reading.ends[atoms[last].end - 1], meanings)
                place = last
            place += 1

    def _longest(self, atoms: list[_Atom], first: int, reading: Reading) -> tuple[int, tuple[Identifier, ...]]:
        best: tuple[int, tuple[Identifier, ...]] = (first, ())
        key = atoms[first].text
        last = first
        while key in self._prefixes:
            if key in self._known:
                meant = tuple(one for one in self._known[key] if _counts(one, atoms[first : last + 1], reading))
                if meant:
                    best = (last, meant)
            last += 1
            if last == len(atoms) or atoms[last].start - atoms[last - 1].end > 66:
                break
            key += atoms[last].text
        return best


def _counts(one: Identifier, atoms: list[_Atom], reading: Reading) -> bool:
    """Tell whether these atoms, whose letters are the identifier's, stand for it."""
    if one.rule in ("number", "exact", "labelled"):
        return _number_counts(one, atoms, reading)
    if one.rule == "address":
        return all(_NAME_GAP.fullmatch(gap) for gap in _gaps(atoms, reading)) and _cuts(one) >= set(_bounds(atoms))
    return _name_joined(one, atoms, reading) and _name_counts(one.rule, atoms, reading)


def _number_counts(one: Identifier, atoms: list[_Atom], reading: Reading) -> bool:
    start, end = atoms[0].start, atoms[-1].end
    shown = reading.cased[start:end]
    if one.rule == "exact":
        around = reading.cased[max(start - 1, 0) : start] + reading.cased[end : end + 1]
        return shown == one.value and not any(char.isalnum() for char in around)
    gap = _DIGIT_GAP if one.key.isdigit() else _NUMBER_GAP
    if not all(gap.fullmatch(between) for between in _gaps(atoms, reading)):
        return False
    if one.rule == "number":
        return not (one.key.isdigit() and len(atoms) > 1 and _DATE.fullmatch(shown))
    before = reading.folded[max(start - 24, 0) : start]
    label = _NUMBER_LABEL if one.key.isdigit() and len(one.key) <= 2 else _LABEL
    return label.search(before) is not None


def _name_joined(one: Identifier, atoms: list[_Atom], reading: Reading) -> bool:
    """Tell whether the atoms are cut where the name is, or spelled out letter by letter, or broken at a line's end."""
    gaps = _gaps(atoms, reading)
    if not all(_NAME_GAP.fullmatch(gap) for gap in gaps):
        return False
    if _touches_letters(one, atoms, reading):
        return False
    cut = {bound for bound, gap in zip(_bounds(atoms), gaps, strict=True) if gap and not _HYPHENATED.fullmatch(gap)}
    if one.rule == "initial" and not cut:
        return False
    if cut <= _cuts(one):
        return True
    return len(atoms) >= 4 and all(len(atom.text) == 1 for atom in atoms) and all(gaps)


def _touches_letters(one: Identifier, atoms: list[_Atom], reading: Reading) -> bool:
    """Tell whether a short name is a piece of a word in mixed case ("Li" in "LiCl")."""
    if len(one.key) > 4:
        return False
    start, end = atoms[0].start, atoms[-1].end
    return reading.cased[max(start - 1, 0) : start].isalpha() or reading.cased[end : end + 1].isalpha()


def _name_counts(rule: Rule, atoms: list[_Atom], reading: Reading) -> bool:
    if rule == "name":
        return True
    start, end = atoms[0].start, atoms[-1].end
    if rule == "initial":
        longest = max(atoms, key=lambda atom: len(atom.text))
        return reading.cased[longest.start].isupper() or longest.text not in words().ordinary | words().function
    if _titled(reading.folded[max(start - 16, 0) : start]):
        return reading.cased[start].isupper()
    if rule == "beside" or not reading.cased[start].isupper():
        return False
    if len(atoms) > 1:
        return all(reading.cased[atom.start].isupper() for atom in atoms)
    return atoms[0].text not in words().before_number or not _numbered(reading.folded, start, end)


def _titled(before: str) -> bool:
    found = _TITLE.search(before)
    return found is not None and found.group(1) in words().honorifics


def _numbered(folded: str, start: int, end: int) -> bool:
    """Tell whether a number stands beside the word: a date ("May 4", "4 May"), a day of a cycle ("Day 8")."""
    return bool(
        re.match(r"[\s.,#-]{0,3}\d", folded[end : end + 4]) or re.search(r"\d(?:st|nd|rd|th)?[\s-]$", folded[:start])
    )


def _gaps(atoms: list[_Atom], reading: Reading) -> list[str]:
    return [reading.folded[one.end : two.start] for one, two in pairwise(atoms)]


def _bounds(atoms: list[_Atom]) -> list[int]:
    """Return after how many letters each atom but the last ends."""
    bounds, length = [], 0
    for atom in atoms[:-1]:
        length += len(atom.text)
        bounds.append(length)
    return bounds


def _cuts(one: Identifier) -> set[int]:
    """Return after how many letters each part of the identifier but the last ends."""
    cuts, length = set(), 0
    for part in one.parts[:-1]:
        length += len(part)
        cuts.add(length)
    return cuts
