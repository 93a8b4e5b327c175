"""Find the transactions of a file, check its envelopes, and tell whether the file is whole.

A file is cut off, and then quarantined whole, when something it opened is never closed:

* an ST without its SE before the next ST, GE, IEA, interchange or the end of the file;
* a GS without its GE, or an ISA without its IEA, when the interchange ends;
* a last segment without terminator, unless it is the closing segment (IEA, or GE or SE in a file that has no
  ISA) and repeats the control number of what it closes: then only the terminator is missing, and that is
  fine;
* segments without any envelope whose last one has no terminator.

Wrong counts and control numbers are warnings: every part is there, and each claim is checked by its own sums.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from knowledge.types.reading import Place, ReadingFinding, Severity
from tools.x12.interchanges import Interchange, split_interchanges

_CHUNK = 1 << 17
_STARTERS = frozenset(("BPR", "TRN", "CUR", "N1", "LX", "CLP", "BHT", "HL", "CLM", "DTM", "REF"))


class Transaction(Struct, frozen=True):
    """One ST to its SE: `start` is where ST stands in the body, `end` the end of its last segment.

    `kind` is ST01 ("835"). `segment` numbers the ST (or, in a file without ST, the first segment). `closing`
    are the elements of SE, None when there is none; `closing_at` is its place.
    """

    interchange: Interchange
    kind: str
    start: int
    end: int
    segment: int
    opening: tuple[str, ...]
    group: tuple[str, ...]
    closing: tuple[str, ...] | None
    closing_at: Place | None
    segments: int


class X12File(Struct, frozen=True):
    """A file's transactions in order, what its envelopes were found to be, and whether it was cut off."""

    file: str
    transactions: tuple[Transaction, ...]
    findings: tuple[ReadingFinding, ...]
    truncated: ReadingFinding | None
    interchanges: int


class Segment(Struct, frozen=True, gc=False):
    """One segment: its number in the file (from 1), its byte, its elements (tag first) and its raw text."""

    number: int
    byte: int
    elements: list[str]
    text: str


def open_file(data: bytes, file: str) -> X12File:
    """Scan a file's envelopes once and return its transactions. Never raises; what is wrong is a finding."""
    transactions: list[Transaction] = []
    findings: list[ReadingFinding] = []
    cut: ReadingFinding | None = None
    number = 1
    interchanges = 0
    for part in split_interchanges(data, file):
        if isinstance(part, ReadingFinding):
            if part.code == "truncated":
                cut = cut or part
            else:
                findings.append(part)
            continue
        interchanges += bool(part.isa)
        scan = _Scan(part, file, number)
        scan.run()
        transactions += scan.transactions
        findings += scan.findings
        cut = cut or scan.cut
        number = scan.number
    return X12File(file, tuple(transactions), tuple(findings), cut, interchanges)


def select_transactions(opened: X12File, kind: str) -> tuple[list[Transaction], list[ReadingFinding]]:
    """Return the transactions of one kind, and findings about the others (or about there being none)."""
    chosen = [transaction for transaction in opened.transactions if transaction.kind == kind]
    others = Counter(transaction.kind or "unknown" for transaction in opened.transactions)
    del others[kind]
    findings = [
        ReadingFinding("info", "other-transaction", f"{count} x ST*{name} in this file, not read here", opened.file)
        for name, count in sorted(others.items())
    ]
    if not (chosen or opened.truncated or any(finding.severity == "error" for finding in opened.findings)):
        says = f"the file holds no ST*{kind}; put it where files of its kind belong"
        findings.append(ReadingFinding("error", "no-transaction", says, opened.file))
    return chosen, findings


def segments(transaction: Transaction, end: int | None = None) -> Iterator[Segment]:
    """Yield a transaction's segments from ST to the one before SE, reading the body chunk by chunk.

    `end` stops earlier, at an offset into the body.
    """
    end = transaction.end if end is None else end
    interchange = transaction.interchange
    mark = interchange.delimiters.element
    width = len(interchange.separator)
    number, position = transaction.segment, transaction.start
    for chunk in _chunks(transaction, end):
        for raw in chunk:
            if raw.strip():
                text = interchange.letters(raw)
                yield Segment(number, interchange.layout.locate(position), text.split(mark), text)
            number += 1
            position += len(raw) + width


def raw_segments(transaction: Transaction) -> Iterator[str]:
    """Yield the text of a transaction's segments without their places: for counting."""
    for chunk in _chunks(transaction, transaction.end):
        yield from chunk


def _chunks(transaction: Transaction, end: int) -> Iterator[list[str]]:
    """Yield the raw segments up to `end`, as many at a time as a chunk of the body holds."""
    body, separator = transaction.interchange.body, transaction.interchange.separator
    position = transaction.start
    while position < end:
        limit = body.find(separator, min(position + _CHUNK, end), end)
        limit = end if limit < 0 else limit
        yield body[position:limit].decode("latin-1").split(separator.decode("latin-1"))
        position = limit + len(separator)


class _Next:
    """The next place a tag stands at the start of a segment; remembers it, so that a scan stays linear."""

    def __init__(self, interchange: Interchange, tag: bytes) -> None:
        self._body, self._stop = interchange.body, interchange.stop
        self._separator = interchange.separator
        self._wanted = interchange.separator + tag + interchange.delimiters.element.encode("latin-1")
        self._at = -2

    def after(self, position: int) -> int:
        """Return where the tag next stands after `position`, or the end of the content."""
        if self._at <= position and self._at != self._stop:
            found = self._body.find(self._wanted, position, self._stop)
            self._at = self._stop if found < 0 else found + len(self._separator)
        return self._at


class _Scan:
    """The walk over one interchange's envelope segments."""

    def __init__(self, interchange: Interchange, file: str, number: int) -> None:
        self.interchange, self.file = interchange, file
        self.transactions: list[Transaction] = []
        self.findings: list[ReadingFinding] = []
        self.cut: ReadingFinding | None = None
        self.number = number + bool(interchange.isa)
        self._next = {tag: _Next(interchange, tag.encode()) for tag in ("SE", "ST", "GE", "IEA", "GS")}
        self._group: tuple[str, ...] = ()
        self._group_transactions = self._groups = self._strays = 0
        self._closed_by: tuple[str, str] | None = None  # control numbers: opened with, closed with
        self._closed = not interchange.isa
        self._opening_place = Place(number, interchange.layout.locate(0))

    def run(self) -> None:
        """Walk the segments that stand outside transactions, stepping over each transaction whole."""
        source = self.interchange
        position = source.first
        while position < source.stop:
            position = self._step(position)
        if self._strays:
            says = f"{self._strays} segments stand outside any transaction and were not read"
            self._note("warning", "stray-segments", says, self._opening_place)
        self._finish()

    def _step(self, position: int) -> int:
        source = self.interchange
        end = source.body.find(source.separator, position, source.stop)
        end = source.stop if end < 0 else end
        elements = source.body[position : min(end, position + 2000)].decode("latin-1").split(source.delimiters.element)
        tag = elements[0].strip()
        if tag == "ST" or tag in _STARTERS:
            return self._transaction(position, end, tuple(elements) if tag == "ST" else ())
        place = Place(self.number, source.layout.locate(position))
        if tag == "GS":
            self._open_group(tuple(elements[1:]), place)
        elif tag == "GE":
            self._close_group(elements, place)
        elif tag == "IEA":
            self._close_interchange(elements, place)
        elif tag and tag != "TA1":
            self._strays += 1
        self.number += bool(tag)
        return end + len(source.separator)

    def _transaction(self, position: int, first_end: int, opening: tuple[str, ...]) -> int:
        source = self.interchange
        closes, opens = self._next["SE"].after(position), self._next["ST"].after(position)
        closed = closes < opens
        border = closes if closed else min(opens, *(self._next[tag].after(position) for tag in ("GE", "IEA", "GS")))
        end = border - len(source.separator) if border < source.stop else source.stop
        inside = source.body.count(source.separator[:1], position, end) + 1  # one byte is counted fastest
        place = Place(self.number, source.layout.locate(position))
        kind = opening[1].strip() if len(opening) > 1 else self._kind(position, end)
        self._group_transactions += 1
        closing, closing_at = self._closing(closes, self.number + inside) if closed else (None, None)
        self.transactions.append(
            Transaction(source, kind, position, end, self.number, opening, self._group, closing, closing_at, inside)
        )
        if not opening:
            says = f"segments of {kind or 'an unknown transaction'} stand here without an ST"
            self._note("warning", "missing-st", says, place)
        if closing is not None:
            self._check_closing(opening, closing, inside + 1, closing_at or place)
        elif opening or not source.terminated:
            self._cut_at(border, f"the transaction that starts at segment {place.segment} has no SE")
        self.number += inside + closed
        if not closed:
            return border if border < source.stop else source.stop
        after = source.body.find(source.separator, closes, source.stop)
        return source.stop if after < 0 else after + len(source.separator)

    def _kind(self, start: int, end: int) -> str:
        """Tell what segments without an ST are by the one that only they have."""
        source = self.interchange
        mark = source.delimiters.element.encode("latin-1")
        for tag, kind in ((b"CLP", "835"), (b"CLM", "837"), (b"STC", "277"), (b"BPR", "835")):
            if source.body.startswith(tag + mark, start) or (
                source.body.find(source.separator + tag + mark, start, end) >= 0
            ):
                return kind
        return ""

    def _closing(self, at: int, number: int) -> tuple[tuple[str, ...], Place]:
        source = self.interchange
        end = source.body.find(source.separator, at, source.stop)
        raw = source.body[at : source.stop if end < 0 else end][:200].decode("latin-1")
        return tuple(raw.split(source.delimiters.element)), Place(number, source.layout.locate(at))

    def _check_closing(self, opening: tuple[str, ...], closing: tuple[str, ...], counted: int, place: Place) -> None:
        declared = _element(closing, 1)
        if declared != str(counted) and declared.lstrip("0") != str(counted) and opening:
            says = f"SE01 says {declared or 'nothing'} segments, ST to SE are {counted}"
            self._note("warning", "segment-count", says, place)
        self._same_control("SE02", _element(closing, 2), "ST02", _element(opening, 2), place, bool(opening))
        if not self.interchange.isa and not self._group:
            self._closed_by = (_element(opening, 2), _element(closing, 2))

    def _open_group(self, group: tuple[str, ...], place: Place) -> None:
        if self._group:
            says = "a GS starts before the GE of the one before"
            self._note("warning", "missing-ge", says, place)
        self._group, self._group_transactions = group, 0
        self._groups += 1

    def _close_group(self, elements: list[str], place: Place) -> None:
        if not self._group:
            self._note("warning", "missing-gs", "a GE without its GS", place)
            return
        self._same_count("GE01", _element(elements, 1), "transactions", self._group_transactions, place)
        self._same_control("GE02", _element(elements, 2), "GS06", _element(self._group, 5), place, True)
        if not self.interchange.isa:
            self._closed_by = (_element(self._group, 5), _element(elements, 2))
        self._group = ()

    def _close_interchange(self, elements: list[str], place: Place) -> None:
        isa = self.interchange.isa
        if not isa:
            self._note("warning", "missing-isa", "an IEA without its ISA", place)
            return
        self._same_count("IEA01", _element(elements, 1), "groups", self._groups, place)
        self._same_control("IEA02", _element(elements, 2), "ISA13", _element(isa, 12), place, True)
        self._closed_by = (_element(isa, 12), _element(elements, 2))
        self._closed = True
        if self._group:
            self._note("warning", "missing-ge", "the IEA comes before the GE of the open GS", place)
            self._group = ()

    def _finish(self) -> None:
        source = self.interchange
        if not self._closed:
            self._cut_at(source.stop, "the ISA has no IEA")
        elif self._group:
            self._cut_at(source.stop, "the GS has no GE")
        elif not source.terminated and not self._complete_without_terminator():
            self._cut_at(source.stop, "the last segment has no terminator")

    def _complete_without_terminator(self) -> bool:
        if self._closed_by is None or not self._last_is_closing():
            return False
        opened, closed = self._closed_by
        return opened != "" and opened == closed

    def _last_is_closing(self) -> bool:
        source = self.interchange
        last = source.body.rfind(source.separator, 0, source.stop) + len(source.separator)
        return source.body.startswith((b"IEA", b"GE", b"SE"), last)

    def _same_count(self, name: str, declared: str, what: str, counted: int, place: Place) -> None:
        if declared.lstrip("0") != str(counted).lstrip("0"):
            says = f"{name} says {declared or 'nothing'} {what}, {counted} were found"
            self._note("warning", "envelope-count", says, place)

    def _same_control(self, name: str, closing: str, opener: str, opening: str, place: Place, opened: bool) -> None:
        if opened and closing != opening and closing.lstrip("0") != opening.lstrip("0"):
            says = f"{name} is {closing or 'blank'} but {opener} is {opening or 'blank'}"
            self._note("warning", "control-number", says, place)

    def _cut_at(self, at: int, says: str) -> None:
        if self.cut is None:
            place = Place(self.number, self.interchange.layout.locate(at))
            says = f"the file is cut off at byte {place.byte}: {says}; ask the sender for it again"
            self.cut = ReadingFinding("error", "truncated", says, self.file, place)

    def _note(self, severity: Severity, code: str, says: str, place: Place) -> None:
        self.findings.append(ReadingFinding(severity, code, says, self.file, place))


def _element(elements: list[str] | tuple[str, ...], index: int) -> str:
    return elements[index].strip() if index < len(elements) else ""
