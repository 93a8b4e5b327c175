"""What a file may be at most before it is read at all: so that no file takes the house down, whoever sends it.

The numbers are far above what a practice's files come to and far below what memory holds. What a file is is told by
its first bytes, never by its name.
"""

import re

from knowledge.folder.listing import FileKind

_MIB = 1024 * 1024
MOST_BYTES: dict[str, int] = {"practice": _MIB, "payers": 4 * _MIB, "policy": 4 * _MIB, "chart": 48 * _MIB}
MOST_BYTES_OTHERWISE = 256 * _MIB
MOST_SEGMENTS = 1_500_000
MOST_SEGMENTS_A_CLAIM = 20_000
LONGEST_SEGMENT = 256 * 1024
MOST_ROWS, LONGEST_ROW = 250_000, 64 * 1024
DEEPEST, MOST_VALUES = 64, 2_000_000
_MOST_MARKS = 3 * MOST_VALUES
"""Beyond this strings are not even looked for: text holds commas too, but not so many."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
)
_X12 = frozenset({"remit", "claim", "acknowledgement"})
_CSV = frozenset({"authorization", "coverage", "contract"})
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_CLAIM = {"remit": b"CLP", "claim": b"CLM"}


def beyond_limits(kind: FileKind, data: bytes) -> str | None:
    """Say which limit a file goes beyond, None when it may be read."""
    for start, what in _SIGNATURES:
        if data.startswith(start):
            return f"this is {what}, not {_WANTED.get(kind, 'a text file')}: send the file itself, unpacked"
    most = MOST_BYTES.get(kind, MOST_BYTES_OTHERWISE)
    if len(data) > most:
        return f"the file has {len(data):,} bytes; at most {most:,} are read of a {kind} file: split it"
    if kind in _X12:
        return _x12(kind, data)
    if kind in _CSV:
        return _csv(data)
    if kind == "chart":
        return _json(data)
    return None  # YAML has its own limits where it is read (located.py)


_WANTED = {
    **dict.fromkeys(_X12, "X12"),
    **dict.fromkeys(_CSV, "CSV"),
    "chart": "JSON",
    "policy": "Markdown",
}


def _x12(kind: str, data: bytes) -> str | None:
    start = data.find(b"ISA")
    if start < 0 or len(data) < start + 106:
        return None  # the reader says what is wrong with it
    end = data[start + 105 : start + 106]
    parts = data.count(end)
    if parts > MOST_SEGMENTS:
        return f"the file has {parts:,} segments; at most {MOST_SEGMENTS:,} are read: split it"
    if (length := _longest(data, end)) > LONGEST_SEGMENT:
        return f"a segment has {length:,} bytes; at most {LONGEST_SEGMENT:,} are read"
    mark = _CLAIM.get(kind)
    if mark is not None and parts > MOST_SEGMENTS_A_CLAIM:
        found = max((piece.count(end) for piece in re.split(rb"(?<=[\W])" + mark, data)), default=0)
        if found > MOST_SEGMENTS_A_CLAIM:
            return f"a claim has {found:,} segments; at most {MOST_SEGMENTS_A_CLAIM:,} are read"
    return None


def _csv(data: bytes) -> str | None:
    rows = data.count(b"\n") + data.count(b"\r")
    if rows > MOST_ROWS:
        return f"the file has {rows:,} rows; at most {MOST_ROWS:,} are read: split it"
    if (length := _longest(data, b"\n")) > LONGEST_ROW:
        return f"a row has {length:,} bytes; at most {LONGEST_ROW:,} are read"
    return None


def _json(data: bytes) -> str | None:
    values = data.count(b",") + data.count(b"[") + data.count(b"{") + data.count(b":")
    if values > _MOST_MARKS:
        return f"the file has {values:,} commas, colons and brackets; at most {_MOST_MARKS:,} are read: split it"
    bare = _STRING.sub(b"", data)
    if values > MOST_VALUES:
        values = bare.count(b",") + bare.count(b"[") + bare.count(b"{")
        if values > MOST_VALUES:
            return f"the file has {values:,} values; at most {MOST_VALUES:,} are read: split it"
    return _too_deep(bare, DEEPEST)


def _too_deep(data: bytes, most: int) -> str | None:
    depth = 0
    for mark in data.translate(None, _NOT_BRACKETS):
        depth += 1 if mark in b"[{" else -1
        if depth > most:
            return f"values stand more than {most} deep in each other; no more is read"
    return None


def _longest(data: bytes, end: bytes) -> int:
    longest = last = 0
    if len(data) <= LONGEST_ROW:
        return len(data)
    at = data.find(end)
    while at >= 0:
        longest = max(longest, at - last)
        last, at = at + 1, data.find(end, at + 1)
    return max(longest, len(data) - last)
