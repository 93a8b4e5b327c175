"""Reads the cells of an .xlsx workbook with the standard library: a zip of XML. Values only, no formulas run."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from knowledge.codes.loading.parsed import LoadError
from knowledge.codes.loading.sheets import Row, Sheet

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MOST_BYTES = 300_000_000


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Tell whether a zip is a workbook."""
    return "xl/workbook.xml" in archive.namelist()


def read_workbook(archive: zipfile.ZipFile, name: str) -> tuple[Sheet, ...]:
    """Read every worksheet.

    Raises:
        LoadError: when a part cannot be read; the workbook can then be saved as CSV and loaded so.
    """
    try:
        shared = _shared(archive)
        parts = sorted(
            (part for part in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", part)),
            key=lambda part: int(re.sub(r"\D", "", part)),
        )
        return tuple(Sheet(name=name, rows=tuple(_rows(archive, part, shared)), serial_dates=True) for part in parts)
    except (ElementTree.ParseError, zipfile.BadZipFile, KeyError, IndexError, ValueError, NotImplementedError) as error:
        raise LoadError(
            f"{name}: the workbook cannot be read ({error}); save the sheet as CSV and load that"
        ) from error


def _part(archive: zipfile.ZipFile, part: str) -> bytes:
    if archive.getinfo(part).file_size > _MOST_BYTES:
        raise ValueError(f"{part} is larger than any published table")
    data = archive.read(part)
    if b"<!ENTITY" in data[:4096]:
        raise ValueError(f"{part} declares entities, which no published table does")
    return data


def _shared(archive: zipfile.ZipFile) -> list[str]:
    part = "xl/sharedStrings.xml"
    if part not in archive.namelist():
        return []
    root = ElementTree.fromstring(_part(archive, part))
    return ["".join(text.text or "" for text in item.iter(f"{_NS}t")) for item in root.iter(f"{_NS}si")]


def _rows(archive: zipfile.ZipFile, part: str, shared: list[str]) -> Iterator[Row]:
    root = ElementTree.fromstring(_part(archive, part))
    for position, row in enumerate(root.iter(f"{_NS}row"), start=1):
        cells: dict[int, str] = {}
        for place, cell in enumerate(row.iter(f"{_NS}c")):
            cells[_column(cell.get("r", ""), place)] = " ".join(_value(cell, shared).split())
        width = max(cells, default=-1) + 1
        yield Row(int(row.get("r") or position), tuple(cells.get(index, "") for index in range(width)))


def _column(reference: str, place: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return place
    index = 0
    for letter in letters[0]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_NS}t"))
    value = cell.find(f"{_NS}v")
    if value is None or value.text is None:
        return ""
    if kind == "s":
        return shared[int(value.text)]
    # A whole number may be stored as 20260101.0.
    return re.sub(r"\.0+$", "", value.text) if kind in (None, "n") else value.text
