"""Fill a claim's or a line's facts from its segments, fast when all is well and exact about the place when not."""

from typing import Any

from knowledge.types.reading import Place
from tools.x12.facts import Facts, Kind
from tools.x12.interchanges import Block, Interchange
from tools.x12.notes import Notes
from tools.x12.outside import OUTSIDE_SEGMENTS
from tools.x12.values import BadValueError

_REMEMBERED = 4_000
_LOCATED = 50


class BadClaimError(Exception):
    """A money segment of a claim cannot be read, so the claim is not handed on. `place` is the segment's."""

    def __init__(self, says: str, place: Place) -> None:
        super().__init__(says)
        self.place = place


class LoopReader:
    """The reader of one loop (2100 or 2110) of one interchange: its kinds of segments, and those seen before."""

    def __init__(self, loop: str, kinds: dict[str, Kind], interchange: Interchange, block: Block, notes: Notes) -> None:
        self._loop, self._notes = loop, notes
        # Plain tuples: unpacking a named one for every segment takes four times as long.
        self._kinds = {tag: (kind.read, kind.file, kind.size, kind.again, kind.doubtful) for tag, kind in kinds.items()}
        self._element = interchange.delimiters.element
        self._terminator = interchange.delimiters.segment
        self._tag_size = len("CLP") + len(self._element)
        self._block = block
        self._located = 0
        self._seen: dict[str, tuple[Any, Any]] = {}  # segment text: how it is filed, its fact

    def fill(self, facts: Facts, segments: list[str], at: int, number: int) -> int | None:
        """File the segments after the first (a CLP or SVC without its tag, which stands at `at` in the block).

        Return the block offset of a segment that ends the claim (LX, TS3, TS2, PLB), None when there is none; it
        and what follows are taken off `segments`. Raises BadClaimError for a CAS that cannot be read.
        """
        mark, kinds, seen = self._element, self._kinds, self._seen
        self._located = 0
        ends: int | None = None
        rest = iter(segments)
        next(rest)
        for text in rest:
            known = seen.get(text)
            if known is not None:
                known[0](facts, known[1])
                continue
            elements = text.split(mark)
            try:
                read, file, size, again, doubtful = kinds[elements[0]]
                fact = read(elements)
            except KeyError:
                if elements[0] in OUTSIDE_SEGMENTS:
                    index = _index(segments, text)
                    ends = self._offset(segments, index, at)
                    del segments[index:]  # which ends the loop
                elif text.strip():
                    self._unknown(facts, text, self._place(segments, text, at, number))
                continue
            except (BadValueError, IndexError) as error:
                self._unreadable(facts, text, error, self._place(segments, text, at, number))
                continue
            file(facts, fact)
            if len(elements) > size and any(elements[size:]):
                self.surplus(facts, text, self._place(segments, text, at, number))
            elif again:
                if doubtful is not None and doubtful(fact):
                    says = f"{text[:60]}: not a day (CCYYMMDD was expected); kept as text"
                    self._notes.add("warning", "bad-date", says, self._place(segments, text, at, number))
                elif len(text) <= again:
                    self._remember(text, (file, fact))
        return ends

    def _remember(self, text: str, filed: tuple[Any, Any]) -> None:
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[text] = filed

    def surplus(self, facts: Facts, text: str, place: Place) -> None:
        """Keep a segment that has more elements than its type holds, and count it."""
        facts.keep(text)
        tag = text.partition(self._element)[0]
        self._notes.count("surplus-elements", f"{tag} has more elements than its type", place)

    def _unknown(self, facts: Facts, text: str, place: Place) -> None:
        facts.keep(text)
        tag = text.partition(self._element)[0]
        self._notes.count("unknown-segment", f"{tag[:20]} is no segment of loop {self._loop}; kept as text", place)

    def _unreadable(self, facts: Facts, text: str, error: Exception, place: Place) -> None:
        """Keep a segment that cannot be read; one that carries the claim's money takes the claim with it."""
        is_value = isinstance(error, BadValueError)
        says = str(error) if is_value else "elements are missing"
        if text.startswith("CAS"):
            raise BadClaimError(f"CAS {says}", place) from error
        facts.keep(text)
        code = "bad-value" if is_value else "bad-segment"
        self._notes.add("warning", code, f"{text[:60]}: {says}; kept as it stands", place)

    def _place(self, segments: list[str], text: str, at: int, number: int) -> Place:
        # Finding a place walks the loop; where a loop is all trouble, its own place must do for the rest of it.
        self._located += 1
        if self._located > _LOCATED:
            return Place(number, self._block.byte(at, number), self._loop)
        index = _index(segments, text)
        byte = self._block.byte(self._offset(segments, index, at), number + index)
        return Place(number + index, byte, self._loop)

    def _offset(self, segments: list[str], index: int, at: int) -> int:
        """Return where in the block the segment at `index` stands, the tag of the first standing at `at`."""
        before = self._terminator.join(segments[:index])
        size = len(before.encode("utf-8")) if self._block.recode else len(before)
        return at + self._tag_size + size + len(self._terminator)


def _index(segments: list[str], text: str) -> int:
    """Return where this very segment, not an equal one, stands; counting in the loop would slow every segment."""
    return next(index for index, segment in enumerate(segments) if segment is text)
