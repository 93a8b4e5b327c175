"""What kind of file somebody drops on the page, told by what stands in it: a biller does not choose."""

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast, get_args

from knowledge.folder import FileKind

_X12: dict[bytes, FileKind] = {b"835": "remit", b"837": "claim", b"277": "acknowledgement"}
_HEAD = 65_536
_BLANK = b" \t\r\n\xef\xbb\xbf"


class KindRow(NamedTuple):
    """A kind as people call it; a table of it has the columns `column` and `also` in its first line."""

    kind: FileKind
    called: str
    column: str
    also: str


@cache
def kind_rows() -> tuple[KindRow, ...]:
    """Give the kinds (file_kinds.csv).

    Raises:
        ValueError: a row names no kind of file.
    """
    text = files("api").joinpath("web/file_kinds.csv").read_text(encoding="utf-8")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        if row["kind"] not in get_args(FileKind):
            raise ValueError(f"web/file_kinds.csv names the kind {row['kind']}, which is none")
        rows.append(KindRow(cast("FileKind", row["kind"]), row["called"], row["column"], row["also"]))
    return tuple(rows)


def called(kind: FileKind) -> str:
    """Give what people call a kind."""
    return next((row.called for row in kind_rows() if row.kind == kind), kind)


def kind_of(data: bytes) -> FileKind | None:
    """Tell a file's kind by its beginning; None where it is none that is taken in."""
    head = data[:_HEAD].lstrip(_BLANK)
    if head.startswith(b"ISA"):
        found = re.search(rb"[^A-Z0-9]\s*ST[^A-Za-z0-9\s](\d{3})[^A-Za-z0-9\s]", head)
        return _X12.get(found[1]) if found else None
    if head.startswith(b"{"):
        return "chart" if b'"resourceType"' in head else None
    if head.startswith(b"---"):
        return "policy" if re.search(rb"^policy_id\s*:", head, re.MULTILINE) else None
    if re.search(rb"^\s+line_of_business\s*:", head, re.MULTILINE):
        return "payers"
    columns = {
        cell.strip().strip('"').lower() for cell in head.split(b"\n", 1)[0].decode("utf-8", "replace").split(",")
    }
    return next((row.kind for row in kind_rows() if row.column and {row.column, row.also} <= columns), None)
