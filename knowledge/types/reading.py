"""Where a fact stood in a file, and what was wrong while reading it."""

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "info"]


class Place(Struct, frozen=True, gc=False):
    """A spot in an X12 file: `segment` counts from 1 (ISA is 1), `byte` from 0, `loop` like "2110"."""

    segment: int
    byte: int
    loop: str = ""


class ReadingFinding(Struct, frozen=True, gc=False):
    """Something a reader noticed in a file: data, never an exception.

    `code` is a stable kebab-case name (`line-out-of-balance`, `truncated`, `unknown-segment`).
    `says` names what was wrong and what was expected; `where` is a `file:line`, row or loop path for people.
    """

    severity: Severity
    code: str
    says: str
    file: str
    place: Place | None = None
    where: str = ""
