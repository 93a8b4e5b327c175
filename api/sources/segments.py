"""X12 files: the claim around a segment, each segment with what it is in our words, the one that says it marked."""

import csv
import re
from functools import cache
from importlib.resources import files

from api.sources.shown import Line, Marked
from tools.x12.transactions import Segment, open_file, segments

_HEADS = ("CLP", "CLM", "HL", "TRN")
_BEFORE, _AFTER = 14, 30
_SEPARATORS = re.compile(r"[^A-Za-z0-9.]")


@cache
def _words() -> dict[str, str]:
    text = files(__package__).joinpath("segments.csv").read_text(encoding="utf-8")
    return {row["segment"]: row["says"] for row in csv.DictReader(text.splitlines())}


def segment_lines(content: bytes, name: str, number: int, quote: str | None) -> tuple[tuple[Line, ...], bool]:
    """Return the claim around segment `number` (ISA is 1), and whether what was quoted stands there.

    The segment that holds `quote` is marked, the separators of the file aside; without a quote the numbered one.
    """
    held = [one for part in open_file(content, name).transactions for one in segments(part)]
    place = next((at for at, one in enumerate(held) if one.number == number), None)
    if place is None:
        return (), False
    start, end = _claim(held, place)
    told = place if quote is None else _quoted(held, place, end, quote)
    on = {at for at in (told,) if at is not None}
    first = max(start, min([place, *on]) - _BEFORE)
    last = min(end, max([place, *on]) + _AFTER)
    shown = [*range(start, min(start + 1, first)), *range(first, last)]
    lines = tuple(_line(held[at], at in on or (not on and at == place)) for at in shown)
    return lines, bool(on)


def _claim(held: list[Segment], place: int) -> tuple[int, int]:
    """Find where the claim begins and ends that a segment stands in."""
    heads = ("CLP",) if any(one.elements[0] == "CLP" for one in held) else ("CLM",)
    start = next((at for at in range(place, -1, -1) if held[at].elements[0] in heads), None)
    if start is None:
        start = next((at for at in range(place, -1, -1) if held[at].elements[0] in _HEADS), place)
    end = next((at for at in range(start + 1, len(held)) if held[at].elements[0] in (*heads, "HL", "PLB")), len(held))
    return start, max(end, place + 1)


def _quoted(held: list[Segment], place: int, end: int, quote: str) -> int | None:
    wanted = _SEPARATORS.sub("*", quote.strip())
    after = [*range(place, end), *range(place, max(place - 60, -1), -1)]
    return next((at for at in after if _SEPARATORS.sub("*", held[at].text.strip()) == wanted), None)


def _line(one: Segment, on: bool) -> Line:
    says = _words().get(one.elements[0], "")
    return Line(label=str(one.number), pieces=(Marked(text=one.text.strip(), on=on),), says=says, on=on)
