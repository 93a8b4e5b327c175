"""Writes an X12 interchange: segments to text, with the separators of the specification."""

from collections.abc import Sequence
from datetime import date

from evals.practices.building.story import Delimiters

Segment = tuple[str, ...]


def composite(*parts: str) -> str:
    """Join sub-elements; the component separator is put in when the file is written."""
    return "\x1f".join(parts).rstrip("\x1f")


def x12_day(day: date) -> str:
    """Write a day as CCYYMMDD."""
    return day.strftime("%Y%m%d")


def transaction(kind: str, control: str, body: Sequence[Segment], version: str = "") -> list[Segment]:
    """Wrap segments in ST and SE, counted."""
    head = ("ST", kind, control, version) if version else ("ST", kind, control)
    return [head, *body, ("SE", str(len(body) + 2), control)]


def interchange(
    transactions: Sequence[Sequence[Segment]],
    functional: str,
    version: str,
    sender: str,
    receiver: str,
    day: date,
    control: str,
    delimiters: Delimiters,
) -> bytes:
    """Wrap transactions in ISA/GS ... GE/IEA and write them with the given separators."""
    isa: Segment = (
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", sender.ljust(15), "ZZ", receiver.ljust(15),
        day.strftime("%y%m%d"), "0612", delimiters.repetition, version[:5], control.rjust(9, "0"), "0", "P",
        delimiters.component,
    )  # fmt: skip
    group = str(int(control))
    gs: Segment = ("GS", functional, sender, receiver, x12_day(day), "0612", group, "X", version)
    segments = [gs, *(segment for body in transactions for segment in body)]
    segments += [("GE", str(len(transactions)), group), ("IEA", "1", control.rjust(9, "0"))]
    end = delimiters.segment + delimiters.after
    written = [delimiters.element.join(isa)]
    written += [_segment(segment, delimiters) for segment in segments]
    return (end.join(written) + end).encode("ascii")


def _segment(segment: Segment, delimiters: Delimiters) -> str:
    elements = list(segment)
    while elements and not elements[-1]:
        elements.pop()
    return delimiters.element.join(elements).replace("\x1f", delimiters.component)
