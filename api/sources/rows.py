"""Rows of the practice's tables and lines of its settings, each value under its name."""

import csv
import io
import re
from collections.abc import Sequence

from api.sources.shown import Line, Marked, marked


def csv_row(content: bytes, number: int, values: Sequence[str]) -> tuple[Line, ...]:
    """Return the row at line `number` of a CSV file, cell by cell under its heading; cells with `values` are marked."""
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    heads: list[str] | None = None
    for row in reader:
        if not any(cell.strip() for cell in row) or row[0].lstrip().startswith("#"):
            continue
        if heads is None:
            heads = row
        elif reader.line_num >= number:
            return tuple(_cell(head, cell, values) for head, cell in zip(heads, row, strict=False))
    return ()


def yaml_lines(content: bytes, block: str, keys: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of the entry of a YAML file whose id is `block`, those of `keys` marked; else all lines."""
    lines = _text(content).splitlines()
    start = next(
        (at for at, line in enumerate(lines) if block and re.search(rf"\bid:\s*\W?{re.escape(block)}\b", line)), 0
    )
    indent = len(lines[start]) - len(lines[start].lstrip()) if lines else 0
    end = next(
        (at for at in range(start + 1, len(lines)) if block and re.match(rf"\s{{0,{indent}}}- ", lines[at])), len(lines)
    )
    named = [key for key in keys if key]
    return tuple(
        Line(
            label=str(at + 1),
            pieces=(Marked(text=lines[at]),),
            on=any(re.search(rf"\b{re.escape(key)}\b", lines[at]) for key in named),
        )
        for at in range(start, end)
        if lines[at].strip()
    )


def _cell(head: str, cell: str, values: Sequence[str]) -> Line:
    pieces = marked(cell, values) or (Marked(text=cell or "–"),)
    return Line(label=head.replace("_", " "), pieces=pieces, on=any(piece.on for piece in pieces))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
