"""Read X12 amounts and dates exactly, remembering the strings that come again and again."""

from datetime import date
from decimal import Decimal, InvalidOperation

_REMEMBERED = 10_000
_SHORT = 5  # longer amounts seldom come again; remembering them costs more than it saves
_LONGEST = 20  # 18 digits, the point, the sign
_NUMERIC = "0123456789.-+"


class BadValueError(ValueError):
    """A value that is not of its element's type. The message says what stood there and what was expected."""


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


DAYS = _Days()
"""`DAYS[text]` is the day a CCYYMMDD text spells, or None."""


_amounts: dict[str, Decimal] = {}


def amount_of(text: str) -> Decimal:
    """Return the number a text spells (digits, a leading sign, one decimal point); at most 18 digits.

    Raises BadValueError for anything else, blank included.
    """
    short = len(text) <= _SHORT
    if short:
        known = _amounts.get(text)
        if known is not None:
            return known
    # Decimal alone would take exponents, NaN, underscores and the digits of other scripts for numbers.
    if text.strip(_NUMERIC) or len(text) > _LONGEST:
        raise BadValueError(f"{text[:40]!r} is not a number (digits, one decimal point, a leading minus)")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise BadValueError(f"{text!r} is not a number (digits, one decimal point, a leading minus)") from error
    if short:
        if len(_amounts) >= _REMEMBERED:
            _amounts.clear()
        _amounts[text] = value
    return value


def optional_amount(elements: list[str], index: int) -> Decimal | None:
    """Return the number at `index`, None when blank or absent. Raises BadValueError when it is no number."""
    text = elements[index] if index < len(elements) else ""
    return amount_of(text) if text else None


def day_range(text: str) -> tuple[date | None, date | None]:
    """Read CCYYMMDD or CCYYMMDD-CCYYMMDD (formats D8, RD8) and return first and last day (None: no day)."""
    first, dash, last = text.partition("-")
    return DAYS[first], DAYS[last] if dash else None
