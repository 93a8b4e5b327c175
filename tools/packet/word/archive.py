"""Open a Word file that came from outside: a zip of XML within bounds, without anything that acts or lies elsewhere."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

LARGEST_FILE = 10_000_000
LARGEST_PART = 20_000_000
LARGEST_WHOLE = 40_000_000
MOST_PARTS = 500
MOST_ELEMENTS = 400_000

_CHUNK = 65_536
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_-]+)")
_REFUSED = (
    (re.compile(r"vbaproject|vbadata|(^|/)macros?/", re.IGNORECASE), "macros", "save it as .docx without macros"),
    (re.compile(r"(^|/)activex/|(^|/)embeddings/|oleobject", re.IGNORECASE), "embedded objects", "take them out"),
    (re.compile(r"(^|/)afchunk", re.IGNORECASE), "another document within it", "paste its text instead"),
)


class WordRefused(ValueError):
    """The file is no Word file we take; the message says what is in it and what to do."""


class Archive:
    """A Word file's parts by name, each read once, none larger than its bound."""

    def __init__(self, data: bytes) -> None:
        """Open and check a file.

        Raises:
            WordRefused: it is no docx, is too large, or holds macros, objects, documents or links to elsewhere.
        """
        if len(data) > LARGEST_FILE:
            raise WordRefused(f"the file has {len(data):,} bytes; a letter has at most {LARGEST_FILE:,}")
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise WordRefused("this is an old or encrypted Word file: save it as .docx without a password")
        self._parts = dict(_read(data))
        if "word/document.xml" not in self._parts:
            raise WordRefused("this is no Word file: it has no word/document.xml; save the letter as .docx")
        self._check()

    def xml(self, name: str) -> ElementTree.Element | None:
        """Return a part's root element; None when the file has no such part.

        Raises:
            WordRefused: it is not XML in UTF-8, declares entities, or has too many elements.
        """
        data = self._parts.get(name)
        return None if data is None else _parsed(name, data)

    def names(self) -> tuple[str, ...]:
        """Return the names of the parts, sorted."""
        return tuple(sorted(self._parts))

    def _check(self) -> None:
        for name in self._parts:
            for pattern, what, advice in _REFUSED:
                if pattern.search(name):
                    raise WordRefused(f"the file holds {what} ({name}): {advice}")
        types = self._parts.get("[Content_Types].xml", b"").decode("utf-8", "replace").casefold()
        if "macroenabled" in types or "vbaproject" in types:
            raise WordRefused("the file holds macros: save it as .docx without macros")
        for name in sorted(self._parts):
            if name.endswith(".rels"):
                self._check_relations(name)

    def _check_relations(self, name: str) -> None:
        root = self.xml(name)
        for relation in root.iter() if root is not None else ():
            kind = relation.get("Type", "").rpartition("/")[2]
            if relation.get("TargetMode", "").casefold() == "external":
                what = "a link" if kind == "hyperlink" else f"something kept elsewhere ({kind or 'unnamed'})"
                raise WordRefused(f"the file holds {what}: {relation.get('Target', '')[:80]!r}; take it out")
            if kind.casefold() in ("oleobject", "package", "afchunk", "control", "vbaproject", "subdocument"):
                raise WordRefused(f"the file holds embedded objects ({kind}): take them out")


def _read(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the parts, inflated no further than their bounds: what a zip says of its sizes is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_PARTS:
                raise WordRefused(f"the file has {len(entries):,} parts; a letter has at most {MOST_PARTS}")
            names = [entry.filename.casefold() for entry in entries]
            if len(set(names)) != len(names):
                raise WordRefused("the file holds two parts of one name: save it anew")
            whole = 0
            for entry in entries:
                if entry.flag_bits & 0x1:
                    raise WordRefused("the file is encrypted: save it without a password")
                content = _inflated(archive, entry)
                whole += len(content)
                if whole > LARGEST_WHOLE:
                    raise WordRefused(f"the file unpacks to more than {LARGEST_WHOLE:,} bytes: no letter does")
                yield entry.filename.lstrip("/"), content
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zipfile.LargeZipFile) as fault:
        raise WordRefused("this is no Word file (.docx), or it is damaged: save the letter as .docx") from fault
    except (OSError, RuntimeError, ValueError) as fault:
        if isinstance(fault, WordRefused):
            raise
        raise WordRefused("the file is damaged and cannot be unpacked: save the letter as .docx") from fault


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    out = bytearray()
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                out += chunk
                if len(out) > LARGEST_PART:
                    raise WordRefused(f"{entry.filename} unpacks to more than {LARGEST_PART:,} bytes: no letter does")
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError) as fault:
        raise WordRefused(f"{entry.filename} is damaged: save the letter anew") from fault
    return bytes(out)


def _parsed(name: str, data: bytes) -> ElementTree.Element:
    found = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WordRefused(f"{name} is not written in UTF-8: save the letter anew") from fault
    if found and found[1].upper() not in (b"UTF-8", b"US-ASCII"):
        raise WordRefused(f"{name} is not written in UTF-8: save the letter anew")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise WordRefused(f"{name} declares entities, which no Word file does")
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise WordRefused(f"{name} has too many elements: no letter has")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as fault:
        raise WordRefused(f"{name} is no sound XML ({fault}): save the letter anew") from fault
