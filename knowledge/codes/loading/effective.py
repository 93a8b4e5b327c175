"""The day a published file stands for, from its name or its notice."""

import re
from collections.abc import Iterable
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_AMERICAN = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(20\d\d)(?!\d)")
_HCPC = re.compile(rf"hcpc(20\d\d)[_-]{_MONTH}", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"(?<![a-z]){_MONTH}[ _-]+(20\d\d)(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(r"(?<!\d)(20\d\d)[ _-]?q([1-4])(?!\d)", re.IGNORECASE)


def effective_day(texts: Iterable[str]) -> date | None:
    """Find the day in the first text that names one: the file's name goes before its notice.

    Understood: 2026-10-01, Eff_10-01-2026, HCPC2026_OCT, October 2026, 2026 Q4. None when none does.
    """
    for text in texts:
        found = _in(text)
        if found is not None:
            return found
    return None


def _in(text: str) -> date | None:
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _AMERICAN.search(text):
        return _day(int(found[3]), int(found[1]), int(found[2]))
    if found := _HCPC.search(text):
        return _day(int(found[1]), _month(found[2]), 1)
    if found := _MONTH_YEAR.search(text):
        return _day(int(found[2]), _month(found[1]), 1)
    if found := _QUARTER.search(text):
        return _day(int(found[1]), 3 * int(found[2]) - 2, 1)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
