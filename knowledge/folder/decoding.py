"""Bytes of a text file to text: UTF-8 first, byte order marks honoured, Windows text tolerated."""

import codecs

from knowledge.folder.notes import Notes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, notes: Notes) -> str | None:
    """Read bytes as text without a byte order mark; None, with an error noted, when they are no text.

    Text that is not UTF-8 is read as Windows-1252 with bytes it does not define kept as latin-1, and that
    is noted.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                notes.add("error", "not-text", f"marked as {encoding} but broken at byte {error.start}")
                return None
    if b"\x00" in content:
        where = content.index(b"\x00")
        notes.add("error", "not-text", f"holds binary data (byte {where}); expected a text file in UTF-8")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.add("info", "not-utf8", "not UTF-8; read as Windows-1252. Save the file as UTF-8 to be sure", line)
    # cp1252 leaves five bytes undefined; latin-1 defines all.
    return "".join(_windows(byte) for byte in content) if _has_undefined(content) else content.decode("cp1252")


_UNDEFINED = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


def _has_undefined(content: bytes) -> bool:
    return any(byte in content for byte in _UNDEFINED)


def _windows(byte: int) -> str:
    return bytes((byte,)).decode("latin-1" if byte in _UNDEFINED else "cp1252")
