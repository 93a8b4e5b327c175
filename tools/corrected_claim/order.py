"""Where a segment belongs within its loop: the order of the 837P guide, read from `segment_order.csv`."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

Segment = list[str]
"""A segment's elements as sent, its tag first."""

_LOOP_ENDS = {
    "2300": frozenset({"NM1", "SBR", "LX"}),
    "2400": frozenset({"LIN", "CTP", "NM1", "SVD", "LQ"}),
    "2410": frozenset({"NM1", "SVD", "LQ"}),
}


@cache
def _ranks() -> dict[tuple[str, str, str], int]:
    text = files(__package__).joinpath("segment_order.csv").read_text(encoding="ascii")
    rows = csv.DictReader(text.splitlines())
    return {(row["loop"], row["segment"], row["qualifier"]): rank for rank, row in enumerate(rows)}


def _rank(loop: str, segment: Segment) -> int | None:
    ranks = _ranks()
    qualifier = segment[1] if len(segment) > 1 else ""
    return ranks.get((loop, segment[0], qualifier), ranks.get((loop, segment[0], "")))


def loop_end(loop: str, segments: Sequence[Segment], start: int = 0) -> int:
    """Return where a loop's own segments end: the index of the first of another loop, or the length."""
    ends = _LOOP_ENDS[loop]
    first = start + (loop in ("2300", "2400"))
    return next((at for at in range(first, len(segments)) if segments[at][0] in ends), len(segments))


def place_for(loop: str, segments: Sequence[Segment], new: Segment) -> int:
    """Return the index at which `new` belongs in a loop that starts at index 0 of `segments`.

    It goes after the last of the loop's segments that may stand before it; segments the guide does not know
    stay with the one before them.
    """
    wanted = _rank(loop, new)
    end = loop_end(loop, segments)
    if wanted is None:
        return end
    at = 1
    for index in range(end):
        rank = _rank(loop, segments[index])
        if rank is not None and rank <= wanted:
            at = index + 1
    while at < end and _rank(loop, segments[at]) is None:
        at += 1
    return at
