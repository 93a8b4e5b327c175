"""The calendar an order writes out: "500 mg IM d1, d15, d29, then q28d", "days 1 and 8 of a 21-day cycle".

Anything that is not plainly one calendar is None: an order's single interval is read elsewhere.
"""

import re

from tools.dosing.interval import Regimen

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12,
}  # fmt: skip
_N = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_DAY_LIST = re.compile(
    r"(?<!every\s)(?<!\w)d(?:ays?)?[.#\s]*(?P<first>\d{1,2})(?P<rest>(?:\s*(?:,\s*and|,|and|&|\+|/|-|–|to|through)\s*"
    r"(?:d(?:ays?)?[.#\s]*)?\d{1,2}(?![\d.]|/\d{4}|\s*(?:mg|g|mcg|ml|min|%|units?|doses?|cycles?|weeks?|months?)\b))*)(?!\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?P<from>\d{1,2})\s*(?:-|–|to|through)\s*(?:d(?:ays?)?[.#\s]*)?(?P<to>\d{1,2})", re.IGNORECASE)
_CYCLE = re.compile(
    rf"\b(?:every|each|q|of\s+(?:a|each|every)|in\s+a|per)\s*(?P<n>{_N})[\s-]*(?P<unit>d(?:ays?)?|w(?:ee)?ks?|w|months?)\b"
    rf"|\b(?P<n2>{_N})[\s-]*(?P<unit2>day|week)[\s-]+(?:cycle|course)s?\b"
    r"|\b(?P<word>once\s+(?:a\s+)?(?:month|week)(?:ly)?|monthly|weekly|every\s+(?:other\s+)?week|every\s+month)\b",
    re.IGNORECASE,
)
_THEN = re.compile(r"\b(?:then|followed\s+by|thereafter|afterwards?|subsequent(?:ly)?|maintenance)\b", re.IGNORECASE)
_TIMES = re.compile(
    rf"(?:[x×]\s*(?P<times>{_N})(?:\s*(?:doses?|weeks?|wks?))?|\bfor\s+(?P<times2>{_N})\s*(?:doses?|weeks?|wks?))\b",
    re.IGNORECASE,
)
_LONGEST = 84


def read_calendar(text: str) -> Regimen | None:
    """Read one calendar: days of a cycle, loading days before an interval, or phases ("weekly x8, then q2w")."""
    lists = [match for match in _DAY_LIST.finditer(text) if match["rest"].strip() or _is_day(match, text)]
    if len(lists) > 1:
        return None
    if lists:
        return _of_days(text, lists[0])
    return _of_phases(text)


def _of_days(text: str, found: re.Match[str]) -> Regimen | None:
    days = _days(found)
    after = text[found.end() :]
    cycles = {_length(match) for match in _CYCLE.finditer(after)} or {_length(match) for match in _CYCLE.finditer(text)}
    if not days or len(cycles) != 1 or None in cycles:
        return None
    cycle = cycles.pop()
    assert cycle is not None
    if _THEN.search(after):
        return Regimen(cycle_days=cycle, loading=days)
    return Regimen(cycle_days=cycle, days_of_cycle=days) if max(days) <= cycle and len(days) > 1 else None


def _of_phases(text: str) -> Regimen | None:
    """Read "weekly x 8, then every 2 weeks x 8, then every 4 weeks": every phase but the last says how often."""
    phases = [part for part in _THEN.split(text) if _CYCLE.search(part)]
    if len(phases) < 2:
        return None
    days, day = [1], 1
    for place, part in enumerate(phases[:-1]):
        lengths, times = [_length(match) for match in _CYCLE.finditer(part)], _TIMES.search(part)
        if len(lengths) != 1 or lengths[0] is None or times is None:
            return None
        count = _number(times["times"] or times["times2"])
        for _ in range(count - 1 if place == 0 else count):
            day += lengths[0]
            days.append(day)
    lasts = [_length(match) for match in _CYCLE.finditer(phases[-1])]
    if len(lasts) != 1 or lasts[0] is None:
        return None
    return Regimen(cycle_days=lasts[0], loading=tuple(days))


def _is_day(match: re.Match[str], text: str) -> bool:
    """Tell whether a single number after "d" or "day" is a day of a cycle, and no count of days."""
    return bool(re.match(r"d(?:ay)?[.#\s]*\d{1,2}\b", match[0], re.IGNORECASE)) and "cycle" in text.casefold()


def _days(match: re.Match[str]) -> tuple[int, ...]:
    written = f"{match['first']}{match['rest']}"
    spans = [(int(span["from"]), int(span["to"])) for span in _RANGE.finditer(written)]
    if spans:
        if len(spans) > 1 or spans[0][0] >= spans[0][1] or "," in written:
            return ()
        return tuple(range(spans[0][0], spans[0][1] + 1))
    days = [int(number) for number in re.findall(r"\d{1,2}", written)]
    in_order = days == sorted(set(days))
    return tuple(days) if in_order and days[0] >= 1 and days[-1] <= _LONGEST else ()


def _length(match: re.Match[str]) -> int | None:
    """Return a cycle's days; a month counts 28."""
    if match["word"]:
        word = re.sub(r"\s+", " ", match["word"].lower())
        return 28 if "month" in word else (14 if "other" in word else 7)
    count, unit = _number(match["n"] or match["n2"]), (match["unit"] or match["unit2"]).lower()
    days = count * (28 if unit.startswith("m") else 7 if unit.startswith("w") else 1)
    return days or None


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text)
