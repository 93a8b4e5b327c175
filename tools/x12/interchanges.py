"""Split a file into its interchanges and give each a plain layout: one delimiter set, one segment separator.

Byte offsets always refer to the file as delivered. Bytes are read as latin-1 so that one character is one
byte; text of a UTF-8 file is turned back into its letters segment by segment (`Interchange.letters`).
"""

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from msgspec import Struct

from knowledge.types.reading import Place, ReadingFinding
from tools.x12.delimiters import Delimiters, delimiters_of_isa, guess_delimiters

_ISA = re.compile(rb"ISA[^A-Za-z0-9\s]")
_ISA_WINDOW = 700
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WHITESPACE = b" \t\r\n"
_NEWLINES = (b"\n", b"\r")
_TAIL_WINDOW = 4096
_DECODE_STEP = 1 << 16


class Layout(Struct, frozen=True):
    """Where an interchange's bytes stood in the file: `marks` and `shifts` tell what was taken out."""

    start: int
    marks: "array[int]"
    shifts: "array[int]"

    def locate(self, offset: int) -> int:
        """Return the byte of the file for an offset into the normalised bytes."""
        if not self.marks:
            return self.start + offset
        return self.start + offset + self.shifts[bisect_right(self.marks, offset)]


class Interchange(Struct, frozen=True):
    """One ISA to the next, or a whole file without any.

    `body` holds the segments joined by `separator` (the terminator and what regularly follows it); `first` is
    where the first segment after the ISA starts, `stop` where the last one ends. `terminated` says whether
    the last segment had its terminator. `isa` are ISA01-16, empty without an envelope.
    """

    delimiters: Delimiters
    isa: tuple[str, ...]
    body: bytes
    separator: bytes
    first: int
    stop: int
    terminated: bool
    layout: Layout
    utf8: bool

    def letters(self, text: str) -> str:
        """Return text of this interchange with its UTF-8 letters restored (it is read as latin-1)."""
        if not self.utf8 or text.isascii():
            return text
        try:
            return text.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return text


class Block:
    """A stretch of segments joined by the bare terminator, and the way back from it to the bytes of the file.

    Text is cut faster at one character than at two, so what follows each terminator (a line end, the same all
    through the interchange) is taken out of a block, and added again when a place is asked for.
    """

    def __init__(self, interchange: Interchange) -> None:
        self._interchange = interchange
        self._terminator = interchange.delimiters.segment
        self._separator = interchange.separator.decode("latin-1")
        self.extra = len(self._separator) - 1
        self.origin = 0  # file byte of a segment = origin + offset + extra * number, where `plain`
        self.plain = not interchange.layout.marks
        self._start = 0
        self.recode = False

    def open(self, start: int, end: int, number: int) -> str:
        """Return the body from `start` to `end` as text; `number` is that of its first segment."""
        text = self._interchange.body[start:end].decode("latin-1")
        self.recode = self._interchange.utf8 and not text.isascii()
        self._start = start
        self.origin = self._interchange.layout.start + start - self.extra * number
        return text.replace(self._separator, self._terminator) if self.extra else text

    def byte(self, offset: int, number: int) -> int:
        """Return the file's byte of segment `number`, which stands at `offset` of the block's text."""
        if self.plain:
            return self.origin + offset + self.extra * number
        return self._interchange.layout.locate(self._start + offset)


def split_interchanges(data: bytes, file: str) -> Iterator[Interchange | ReadingFinding]:
    """Yield the file's interchanges in order, and findings about what stands before or instead of them."""
    data, start, findings = _unwrap(data, file)
    yield from findings
    if _content_end(data, _WHITESPACE) <= start:
        yield ReadingFinding("error", "empty-file", "the file holds nothing; ask the sender for it again", file)
        return
    utf8 = _is_utf8(data)
    openings = list(_find_isas(data, start))
    if not openings:
        yield from _without_isa(data, start, file, utf8)
        return
    before = data[start : openings[0][0]].strip()
    if before:
        says = f"{len(before)} bytes stand before the ISA and were not read"
        yield ReadingFinding("warning", "text-before-isa", says, file, Place(1, start))
    ends = [*(opening[0] for opening in openings[1:]), len(data)]
    for (at, delimiters, isa, terminator_at), end in zip(openings, ends, strict=True):
        yield _interchange(data, at, end, delimiters, isa, terminator_at + 1, utf8)


def _unwrap(data: bytes, file: str) -> tuple[bytes, int, list[ReadingFinding]]:
    """Step over a byte order mark; convert a UTF-16 file (offsets then refer to the result)."""
    if data.startswith(codecs.BOM_UTF8):
        return data, len(codecs.BOM_UTF8), []
    if data.startswith(_BOMS):
        says = "the file is UTF-16; byte offsets refer to its UTF-8 form"
        converted = data.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
        return converted, 0, [ReadingFinding("info", "utf-16", says, file)]
    return data, 0, []


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _DECODE_STEP):
            decoder.decode(data[at : at + _DECODE_STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _find_isas(data: bytes, start: int) -> Iterator[tuple[int, Delimiters, list[str], int]]:
    element = b""
    for match in _ISA.finditer(data, start):
        at = match.start()
        before = data[max(start, at - 8) : at].rstrip(_WHITESPACE)[-1:]
        if at > start and (data[at - 1 : at].isalnum() or (element and before == element)):
            continue  # part of a word, or an element's value
        window = data[at : at + _ISA_WINDOW].decode("latin-1")
        found = delimiters_of_isa(window, 0)
        if found is not None:
            element = found[0].element.encode("latin-1")
            yield at, found[0], found[1], at + found[2]


def _without_isa(data: bytes, start: int, file: str, utf8: bool) -> Iterator[Interchange | ReadingFinding]:
    guessed = guess_delimiters(data[start : start + 60_000].decode("latin-1"))
    if guessed is None and data[start : start + 64].lstrip().startswith(b"ISA"):
        says = f"the file is cut off at byte {len(data)}: the ISA is not complete; ask the sender for it again"
        yield ReadingFinding("error", "truncated", says, file, Place(1, len(data)))
        return
    if guessed is None:
        says = "no ISA and no X12 segments were found; is this an X12 file?"
        yield ReadingFinding("error", "unreadable", says, file, Place(1, start))
        return
    says = "the file has no ISA; its delimiters were taken from its segments"
    at = start + guessed[1]
    yield ReadingFinding("warning", "no-envelope", says, file, Place(1, at))
    yield _interchange(data, at, len(data), guessed[0], [], at, utf8)


def _interchange(
    data: bytes, at: int, end: int, delimiters: Delimiters, isa: list[str], first: int, utf8: bool
) -> Interchange:
    body = data[at:end]
    terminator = delimiters.segment.encode("latin-1")
    opening = first - at
    marks, shifts = array("q"), array("q")
    separator = _regular_separator(body, opening, terminator)
    if separator is None:
        body, opening, marks, shifts = _normalise(body, opening, terminator)
        separator = terminator
    elif isa and terminator not in _NEWLINES:
        opening += len(separator) - len(terminator)
    stop = max(_content_end(body, _WHITESPACE + terminator), min(opening, len(body)))
    terminated = terminator in body[stop:] or stop <= opening
    layout = Layout(at, marks, shifts)
    return Interchange(delimiters, tuple(isa), body, separator, opening, stop, terminated, layout, utf8)


def _content_end(body: bytes, trailing: bytes) -> int:
    """Return where the bytes end once the `trailing` characters are left off, without copying the body."""
    end = len(body)
    while end:
        window = body[max(0, end - _TAIL_WINDOW) : end]
        kept = len(window.rstrip(trailing))
        end -= len(window) - kept
        if kept:
            break
    return end


def _regular_separator(body: bytes, first: int, terminator: bytes) -> bytes | None:
    """Return what stands between all segments; None when that varies, or when lines are wrapped."""
    end = _content_end(body, _WHITESPACE + terminator)
    if terminator in _NEWLINES:
        other = b"\r" if terminator == b"\n" else b"\n"
        pairs = body.count(b"\r\n", 0, end)
        separator = b"\r\n" if pairs else terminator
        regular = body.count(other, 0, end) == pairs == (body.count(terminator, 0, end) if pairs else 0)
    else:
        after = first or body.find(terminator) + 1
        tail = body[after : after + 2]
        follows = tail if tail == b"\r\n" else tail[:1] if tail[:1] in _NEWLINES else b""
        separator = terminator + follows
        count = body.count(separator, 0, end)
        breaks = body.count(b"\n", 0, end) + body.count(b"\r", 0, end)
        regular = breaks == count * len(follows) and body.count(terminator, 0, end) == count
    spaced = any(body.find(separator + blank, 0, end) >= 0 for blank in (b" ", b"\t") if blank in body)
    return separator if regular and not spaced else None


def _normalise(body: bytes, first: int, terminator: bytes) -> tuple[bytes, int, "array[int]", "array[int]"]:
    """Take out line breaks and the spaces after terminators, remembering where each stood."""
    if terminator in _NEWLINES:
        other = b"\r" if terminator == b"\n" else b"\n"
        pattern = other + rb"|(?<=" + terminator + rb")[ \t]+"
    else:
        pattern = rb"(?<=" + re.escape(terminator) + rb")\s+|[\r\n]+"
    kept: list[bytes] = []
    marks, sizes = array("q"), array("q")
    position = length = 0
    opening = first
    for match in re.finditer(pattern, body):
        kept.append(body[position : match.start()])
        length += match.start() - position
        position = match.end()
        if match.start() < first:
            opening -= position - match.start()
        marks.append(length)
        sizes.append(position - match.start())
    kept.append(body[position:])
    return b"".join(kept), opening, marks, array("q", accumulate(sizes, initial=0))
