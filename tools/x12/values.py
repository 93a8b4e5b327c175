"""Read X12 amounts and dates exactly, remembering the strings that come again and again."""

import re
from datetime import date
from decimal import Decimal

_REMEMBERED = 20_000
_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")


class BadValueError(ValueError):
    """A value that is not of its element's type. The message says what stood there and what was expected."""


class _Amounts(dict[str, Decimal]):
    """Amounts by their text; a text seen for the first time is read and kept."""

    def __missing__(self, text: str) -> Decimal:
        if _PLAIN_NUMBER.fullmatch(text) is None:
            raise BadValueError(f"{text[:40]!r} is not a number (digits, one decimal point, a leading minus)")
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[text] = Decimal(text)
        return value


class _Days(dict[str, date | None]):
    """Days by their CCYYMMDD text; None for what is no day of the calendar."""

    def __missing__(self, text: str) -> date | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[text] = _day(text)
        return value


def _day(text: str) -> date | None:
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


AMOUNTS = _Amounts()
"""`AMOUNTS[text]` is the Decimal a text spells; raises BadValueError for anything but a plain number."""

DAYS = _Days()
"""`DAYS[text]` is the day a CCYYMMDD text spells, or None."""


def optional_amount(elements: list[str], index: int) -> Decimal | None:
    """Return the number at `index`, None when blank or absent. Raises BadValueError when it is no number."""
    text = elements[index] if index < len(elements) else ""
    return AMOUNTS[text] if text else None


def day_range(text: str) -> tuple[date | None, date | None]:
    """Read CCYYMMDD or CCYYMMDD-CCYYMMDD (formats D8, RD8) and return first and last day (None: no day)."""
    first, dash, last = text.partition("-")
    return DAYS[first], DAYS[last] if dash else None
