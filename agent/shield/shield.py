"""The shield: known identifiers become stable tokens before a text leaves, and come back after."""

import threading
from dataclasses import dataclass, field

from agent.shield.finding import TOKEN, find
from agent.shield.identifier import Identifier, Span
from agent.shield.identifiers import Identifiers


@dataclass(slots=True)
class _Thing:
    """One thing with a token: its number, and a letter for each writing met."""

    name: str
    usual: str
    writings: dict[str, str] = field(default_factory=dict)


class Shield:
    """Covers and uncovers the texts of one case: same thing, same token, for as long as the shield lives.

    `patient` is a member or record number of the case's own patient: a name several people bear is then theirs.
    Use one for each case; safe for several threads.
    """

    def __init__(self, identifiers: Identifiers, patient: str = "") -> None:
        self.identifiers = identifiers
        self._own = identifiers.owner(patient) if patient else ""
        self._things: dict[str, _Thing] = {}
        self._counts: dict[str, int] = {}
        self._writings: dict[str, str] = {}
        self._lock = threading.Lock()

    def fresh(self) -> "Shield":
        """Return a shield for another talk about the same people: its tokens are numbered anew."""
        other = Shield(self.identifiers)
        other._own = self._own
        return other

    def cover(self, text: str) -> str:
        """Return the text with a token for everything that identifies; `uncover` gives it back as it stood."""
        return self._cover(text, tokens=True)

    def cover_more(self, text: str) -> str:
        """Cover what is left in a text whose tokens are already this shield's."""
        covered, place = [], 0
        for found in TOKEN.finditer(text):
            covered += [self._cover(text[place : found.start()], tokens=False), found.group()]
            place = found.end()
        return "".join((*covered, self._cover(text[place:], tokens=False)))

    def uncover(self, text: str) -> str:
        """Return the text with every token of this shield as the source had it; other text stays as it is."""
        return TOKEN.sub(lambda found: self._writings.get(found.group(), found.group()), text)

    def _cover(self, text: str, *, tokens: bool) -> str:
        spans = find(text, self.identifiers, tokens=tokens)
        if not spans:
            return text
        covered, place = [], 0
        for span in spans:
            # What stood beside something covered may read otherwise without it, so the rest is looked at again.
            covered.append(self._cover(text[place : span.start], tokens=tokens))
            covered.append(self._token(span, text[span.start : span.end]))
            place = span.end
        return "".join((*covered, self._cover(text[place:], tokens=tokens)))

    def _token(self, span: Span, shown: str) -> str:
        with self._lock:
            kind, of, usual = self._meant(span.meanings, shown)
            thing = self._things.get(of)
            if thing is None:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                thing = self._things[of] = _Thing(f"{kind}-{self._counts[kind]}", usual)
                self._writings[f"[[{thing.name}]]"] = thing.usual
                thing.writings[thing.usual] = f"[[{thing.name}]]"
            token = thing.writings.get(shown)
            if token is None:
                token = thing.writings[shown] = f"[[{thing.name}:{_letters(len(thing.writings))}]]"
                self._writings[token] = shown
            return token

    def _meant(self, meanings: tuple[Identifier, ...], shown: str) -> tuple[str, str, str]:
        """Return kind, thing and usual writing; a name of several people, none of them the case's, is its own thing."""
        meanings = tuple(one for one in meanings if one.kind in ("PATIENT", "STAFF")) or meanings
        things = {one.of for one in meanings}
        own = next((one for one in meanings if one.of == self._own), None)
        if own is None and len(things) > 1 and meanings[0].kind in ("PATIENT", "STAFF"):
            return "NAME", f"NAME:{meanings[0].key}", shown
        one = own or meanings[0]
        return one.kind, one.of, one.value


def leaks(text: str, identifiers: Identifiers) -> tuple[str, ...]:
    """Tell what identifies in a text about to leave, tokens aside, by kind and place; never the thing itself.

    The last check on a request: anything found, and nothing is sent.
    """
    found, place = [], 0
    for start, end in (*(token.span() for token in TOKEN.finditer(text)), (len(text), len(text))):
        for span in find(text[place:start], identifiers, tokens=False):
            found.append(f"{span.meanings[0].kind} at {place + span.start}")
        place = end
    return tuple(found)


def _letters(number: int) -> str:
    """Return b, c, ..., z, ba, bb, ... for 1, 2, ...: the first writing carries none."""
    letters = ""
    while True:
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
        if number == 0:
            return letters
