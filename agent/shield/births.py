"""Dates of birth in every usual writing."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from agent.shield.folding import Reading
from agent.shield.identifier import Identifier

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_FORMS = (
    ("ymd", re.compile(r"(?<!\d)(\d{4})\s?[-/.\s_]\s?(\d{1,2})\s?[-/.\s_]\s?(\d{1,2})(?!\d)")),
    ("ymd", re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")),
    ("mdy", re.compile(r"(?<!\d)(\d{1,2})\s?[-/.\s_]\s?(\d{1,2})\s?[-/.\s_]\s?'?(\d{4}|\d{2})(?!\d)")),
    ("mdy", re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")),
    ("bdy", re.compile(rf"(?<![a-z]){_MONTH}[\s_-]*(\d{{1,2}})(?:st|nd|rd|th)?\s?[,\s_-]\s*'?(\d{{4}}|\d{{2}})(?!\d)")),
    (
        "dby",
        re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s_.-]*{_MONTH}[\s,_.-]*'?(\d{{4}}|\d{{2}})(?!\d)"),
    ),
    ("ybd", re.compile(rf"(?<!\d)(\d{{4}})[\s_,-]*{_MONTH}[\s_-]*(\d{{1,2}})(?!\d)")),
)


class Births:
    """The birth dates known, found in a reading."""

    def __init__(self, days: Iterable[date]) -> None:
        self._days = frozenset(days)
        self._short = {(day.month, day.day, day.year % 100): day for day in sorted(self._days)}

    def hits(self, reading: Reading) -> Iterator[tuple[int, int, Identifier]]:
        """Give start, end and the birth date of each writing of one."""
        if not self._days:
            return
        for order, form in _FORMS:
            for found in form.finditer(reading.folded):
                day = self._known(order, found.groups())
                if day is not None:
                    start, end = found.span()
                    yield reading.starts[start], reading.ends[end - 1], birth(day)

    def _known(self, order: str, parts: tuple[str, ...]) -> date | None:
        by = dict(zip(order, parts, strict=True))
        year, day = int(by["y"]), int(by["d"])
        month = _MONTHS[by["b"]] if "b" in by else int(by["m"])
        readings = [(month, day)] if "b" in by or order == "ymd" else [(month, day), (day, month)]
        for m, d in readings:
            if len(by["y"]) == 2:
                found = self._short.get((m, d, year))
            else:
                found = _date(year, m, d)
            if found in self._days:
                return found
        return None


def birth(day: date) -> Identifier:
    """Make the identifier of a birth date."""
    shown = day.isoformat()
    return Identifier("DOB", f"DOB:{shown}", shown, (shown,), "number")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
