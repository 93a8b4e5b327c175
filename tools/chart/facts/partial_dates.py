"""Dates in notes as far as they are written: a day, a month or a year, and the period they bound."""

import re
from datetime import date
from typing import NamedTuple

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_DATE = (
    rf"(?:{_YEAR}-\d{{2}}-\d{{2}}(?!\d)|{_YEAR}-(?:0[1-9]|1[0-2])(?![\d-])"
    rf"|\d{{1,2}}/\d{{1,2}}/(?:{_YEAR}|\d{{2}})(?![\d/])|(?:0?[1-9]|1[0-2])/{_YEAR}(?![\d/])"
    rf"|{_MONTH}\s+(?:\d{{1,2}},\s*)?{_YEAR}(?!\d)|\d{{1,2}}\s+{_MONTH}\s+{_YEAR}(?!\d))"
)
_DIGITS = re.compile(r"(?:19|20)\d\d|\d/\d")
_RANGE = re.compile(
    rf"(?<![\d/])(?P<from>{_DATE}|{_MONTH}(?=\s*(?:-|–|to|through|until|and)\s*{_MONTH}\s+{_YEAR})|{_YEAR}(?!\d))"
    rf"\s*(?:-|–|to|through|thru|until|and)\s*(?P<to>{_DATE}|{_YEAR}(?![\d-]))",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?<![\d/.-])(?P<date>{_DATE})|\b(?:in|since|of|during|until|through|early|late|mid)\s+(?:early\s+|late\s+)?"
    rf"(?P<year>{_YEAR})(?![\d-])|\((?P<aside>{_YEAR})(?=[,;)])",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    rf"(?<![\d/])(?P<from>{_DATE})\s*(?:-|–|to|through)\s*(?:present|current|now|date)\b", re.IGNORECASE
)
_STARTS = re.compile(r"\b(?:since|from|started|starting|began|begun|initiated|start)\b[^.;]{0,20}$", re.IGNORECASE)
_STOPS = re.compile(
    r"\b(?:until|through|completed|finished|ended|stopped|discontinued|last\s+dose|till)\b[^.;]{0,20}$", re.IGNORECASE
)


class Period(NamedTuple):
    """What a text says of when, as far as written (`2025-06-12`, `2025-06`, `2025`); "" is not said.

    `when` is a date that neither begins nor ends the period.
    """

    start: str = ""
    stop: str = ""
    when: str = ""


def period(text: str) -> Period:
    """Read the period a text states; two ranges, or a date whose part is not clear, are left out."""
    if _DIGITS.search(text) is None:
        return Period()
    ranges = list(_RANGE.finditer(text))
    if len(ranges) == 1 and not re.search(r"\s+and\s+", ranges[0].group()[len(ranges[0]["from"]) :]):
        return _range(ranges[0])
    if ranges:
        return Period()
    running = _RUNNING.search(text)
    if running is not None:
        return Period(start=partial(running["from"]) or "")
    start = stop = when = ""
    for match in _ONE.finditer(text):
        written = partial(match["date"] or match["year"] or match["aside"])
        if written is None:
            continue
        # The word that tells begin from end may itself open the match ("since 2024").
        lead = text[: match.start("date") if match["date"] else match.start("year") if match["year"] else match.start()]
        if _STARTS.search(lead):
            start = start or written
        elif _STOPS.search(lead):
            stop = stop or written
        else:
            when = written if not when else "?"
    return Period(start, stop, "" if when == "?" else when)


def partial(text: str) -> str | None:
    """Return a written date as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None when it is no date of the calendar."""
    text = text.strip()
    if re.fullmatch(_YEAR, text):
        return text
    if re.fullmatch(rf"{_YEAR}-\d{{2}}", text):
        return text
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return _day(year, month, day)
    parts = text.split("/")
    if len(parts) == 3:
        year = int(parts[2]) if len(parts[2]) == 4 else 2000 + int(parts[2])
        return _day(year, int(parts[0]), int(parts[1]))
    if len(parts) == 2:
        return f"{parts[1]}-{int(parts[0]):02}"
    return _in_words(text)


def earliest(written: str) -> date | None:
    """Return the first day a partial date may mean; None for ""."""
    return _edge(written, first=True)


def latest(written: str) -> date | None:
    """Return the last day a partial date may mean; None for ""."""
    return _edge(written, first=False)


def _edge(written: str, *, first: bool) -> date | None:
    parts = [int(part) for part in written.split("-")] if written else []
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    if len(parts) == 2:
        if first:
            return date(parts[0], parts[1], 1)
        following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    if len(parts) == 1:
        return date(parts[0], 1, 1) if first else date(parts[0], 12, 31)
    return None


def _range(match: re.Match[str]) -> Period:
    stop = partial(match["to"])
    if stop is None:
        return Period()
    begun = match["from"]
    start = partial(begun) if re.search(r"\d", begun) else partial(f"{begun} {stop[:4]}")
    if start is None:
        return Period(stop=stop)
    first, last = earliest(start), latest(stop)
    if first is not None and last is not None and first > last:
        return Period()
    return Period(start, stop)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _in_words(text: str) -> str | None:
    match = re.fullmatch(
        rf"(?:(?P<d1>\d{{1,2}})\s+)?(?P<month>{_MONTH})\s+(?:(?P<d2>\d{{1,2}}),\s*)?(?P<year>{_YEAR})", text, re.I
    )
    if match is None:
        return None
    month, year = _MONTHS[match["month"][:3].lower()], match["year"]
    day = match["d1"] or match["d2"]
    return _day(int(year), month, int(day)) if day else f"{year}-{month:02}"
