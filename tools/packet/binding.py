"""Bind a word or figure of a statement to the place in a passage where the same is said in the same sense."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.types.letters import Field
from tools.packet.assertion_words import AssertionWords
from tools.packet.passages import Passage
from tools.packet.statements import Statement
from tools.packet.support import same_code
from tools.packet.tokens import Token, content, tokens


@dataclass(frozen=True)
class Fault:
    """Why a statement is not carried; of several the lightest tells the writer most. `absent` = not there at all."""

    weight: int
    says: str
    absent: bool = False


def bound(token: Token, statement: Sequence[Token], passage: Passage, words: AssertionWords) -> Fault | None:
    """Return why the passage does not say this token in this sense; None = it does."""
    places = [place for place in passage.tokens if _same(token, place)]
    if not places:
        claimed = "claims" if token.text.casefold() in words.overclaims else "adds"
        return Fault(10, f"it {claimed} {token.text!r}", absent=True)
    for check in (_sense, _order, _figure, _direction):
        kept = [place for place in places if check(token, place, statement, passage, words)]
        if not kept:
            return Fault(4, f"{token.text!r} stands there in another sense ({_CHECKED[check.__name__]})")
        places = kept
    return None


_CHECKED = {
    "_sense": "negation, certainty or person",
    "_order": "before and after, from and to",
    "_figure": "of something else, or compared otherwise",
    "_direction": "of another result",
}


def _same(token: Token, place: Token) -> bool:
    if token.figure is None or place.figure is None:
        return token.figure is None and place.figure is None and token.key == place.key
    return same_figure(token.figure, place.figure)


def same_figure(said: Statement, known: Statement) -> bool:
    """Tell whether a figure is the one known: equal in kind, value and unit; a date may be said by month."""
    if said.kind == "number" or known.kind == "number":
        return said.kind == known.kind and said.key == known.key and said.unit == known.unit
    if said.kind == "month" and known.kind == "date":
        return known.key.startswith(said.key)
    if said.kind == "month-day" and known.kind == "date":
        return known.key.endswith(said.key)
    if said.kind == "code" and known.kind == "code":
        return same_code(said.key, known.key)
    return said.kind == known.kind and said.key == known.key


def _sense(token: Token, place: Token, _s: Sequence[Token], _p: Passage, words: AssertionWords) -> bool:
    if token.denied or token.near_denial:
        agreed = place.denied or place.text.casefold() in words.negators
    else:
        agreed = not place.near_denial
    return agreed and token.of_other == place.of_other and (token.hedged or not place.hedged)


_ORDERING = frozenset({"before", "after", "than", "from", "to", "without"})


def _order(token: Token, place: Token, _s: Sequence[Token], _p: Passage, _w: AssertionWords) -> bool:
    """What stands after "before", "after", "from" or "to" does so in both, so that nothing is turned round."""
    if token.figure is not None and token.figure.kind in ("date", "month", "month-day", "number"):
        ordering = frozenset({"before", "after", "than", "without"})
    else:
        ordering = _ORDERING
    return token.before == place.before or not {token.before, place.before} & ordering


def _figure(token: Token, place: Token, statement: Sequence[Token], passage: Passage, words: AssertionWords) -> bool:
    """A figure belongs to the words of its clause, its comparison, and among several its preposition."""
    if token.figure is None or place.figure is None:
        return True
    if token.compared != place.compared:
        return False
    if token.figure.kind in ("code", "reason"):
        return True
    if not passage.slot and (near := _near(place, passage)) and not near & _beside(token, statement):
        return False
    rivals = [
        one
        for one in passage.tokens
        if one is not place
        and one.clause == place.clause
        and one.figure is not None
        and _rival(one.figure, place.figure)
    ]
    return not rivals or token.before == place.before


def _beside(token: Token, statement: Sequence[Token]) -> set[str]:
    """Return the words a figure is said with: of its clause; with a rival in it, only the nearest on either side."""
    clause = [one for one in statement if one.clause == token.clause]
    words = [one for one in clause if one.figure is None]
    if token.figure is not None and any(one.figure is not None and _rival(one.figure, token.figure) for one in clause):
        before = [one.key for one in words if one.start < token.start][-1:]
        after = [one.key for one in words if one.start > token.start][:1]
        if before or after:
            return {*before, *after}
    return {one.key for one in words or statement if one.figure is None}


def apart(asserted: Sequence[Token], passage: Passage) -> tuple[str, str] | None:
    """Return two neighbouring words of a statement that the passage says of different things; None = there are none.

    They belong together in one clause, under one header, or side by side in a list.
    """
    said = [one for one in asserted if one.figure is None]
    order = [one for one in passage.tokens if one.figure is None]
    places: dict[str, list[int]] = {}
    for at, one in enumerate(order):
        places.setdefault(one.key, []).append(at)
    for first, second in pairwise(said):
        pairs = [(a, b) for a in places.get(first.key, ()) for b in places.get(second.key, ())]
        if pairs and not any(_together(order[a], order[b], abs(a - b)) for a, b in pairs):
            return first.text, second.text
    return None


def out_of_order(asserted: Sequence[Token], passage: Passage) -> str | None:
    """Return the word of a statement that stands out of the order of the passage; None = they come as they stand there.

    A chart says by the order of its words which drug was tolerated and which was not. Headers stand before all.
    """
    headers = {one.header for one in passage.tokens if one.header >= 0}
    order = [one for one in passage.tokens if one.figure is None]
    at = -1
    for token in asserted:
        places = [i for i, one in enumerate(order) if token.figure is None and one.key == token.key]
        if not places or any(order[i].clause in headers for i in places):
            continue
        later = [i for i in places if i > at]
        if not later:
            return token.text
        at = later[0]
    return None


def figures_apart(asserted: Sequence[Token], passage: Passage) -> tuple[str, str] | None:
    """Return two figures said together that the passage says in different clauses, each among others of its sort."""
    figures = [one for one in asserted if one.figure is not None and one.figure.kind not in ("code", "reason")]
    for first, second in pairwise(figures):
        if first.clause != second.clause:
            continue
        one, other = ([p for p in passage.tokens if _same(token, p)] for token in (first, second))
        if not one or not other or not (_contested(one[0], passage) and _contested(other[0], passage)):
            continue
        if not any(_together(a, b, 9) for a in one for b in other):
            return first.text, second.text
    return None


def _contested(place: Token, passage: Passage) -> bool:
    own = place.figure
    return own is not None and any(p.figure is not None and _rival(p.figure, own) for p in passage.tokens)


def _together(one: Token, other: Token, distance: int) -> bool:
    same = one.clause == other.clause or one.clause == other.header or other.clause == one.header
    return same or distance <= 1


def _rival(one: Statement, other: Statement) -> bool:
    return one.kind == other.kind and one.unit == other.unit and one.key != other.key


def _near(place: Token, passage: Passage) -> set[str]:
    """Return the words a figure belongs to: the nearest of its clause, else of the header above, else of its part."""
    clause = [one for one in passage.tokens if one.clause == place.clause and one.figure is None]
    before = [one.key for one in clause if one.start < place.start][-1:]
    after = [one.key for one in clause if one.start > place.start][:1]
    if before or after:
        return {*before, *after}
    for part in (
        [one for one in passage.tokens if one.clause == place.header],
        [one for one in passage.tokens if one.coarse == place.coarse],
    ):
        found = {one.key for one in part if one.figure is None}
        if found:
            return found
    return set()


def _direction(token: Token, place: Token, statement: Sequence[Token], passage: Passage, words: AssertionWords) -> bool:
    """A result's direction ("positive") belongs to the word beside it."""
    if token.text.casefold() not in words.polar:
        return True
    here = [one for one in statement if one.clause == token.clause and one is not token]
    before = [one for one in here if one.start < token.start]
    after = [one for one in here if one.start > token.start]
    beside = [*before[-1:], *after[:1]]
    if not beside:
        return len(passage.tokens) == 1
    near = [one for one in passage.tokens if one.clause in (place.clause, place.header)]
    return all(any(_same(one, other) for other in near) for one in beside)


def fact_holds(
    token: Token, statement: Iterable[Token], passage: Passage, facts: Iterable[Field], words: AssertionWords
) -> bool:
    """Tell whether a figure is a fact of the RE block, said beside a word that tells which one.

    Not where the passage has a figure of that sort itself: then it is the passage's that counts.
    """
    if token.figure is None or token.compared:
        return False
    if any(one.figure is not None and _rival(one.figure, token.figure) for one in passage.tokens):
        return False
    beside = {one.key for one in statement}
    for fact in facts:
        roles = words.fact_roles.get(fact.label.casefold())
        if roles is None:
            continue
        known = [one for one in content(tokens(fact.value), words) if one.figure is not None]
        if any(one.figure is not None and same_figure(token.figure, one.figure) for one in known):
            plain_code = token.figure.kind in ("code", "reason") and fact.label.casefold() == "service"
            if plain_code or any(words.key(role) in beside for role in roles):
                return True
    return False
