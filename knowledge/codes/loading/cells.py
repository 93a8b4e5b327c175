"""Reads one cell: a date in the forms of the published files, a number, yes or no."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

_FORMS = (
    re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
)
_SERIAL = re.compile(r"[2-6]\d{4}")
_WORKBOOK_DAY_ZERO = date(1899, 12, 30)
_OPEN_YEAR = 9000


class BadCell(ValueError):
    """A cell that does not say what its column should; the message says so."""


def read_day(cell: str, *, serial: bool = False) -> date | None:
    """Read a date: YYYYMMDD, YYYY-MM-DD, M/D/YYYY; with `serial` a workbook's day number too.

    None for a blank, zeros, or a year that stands for "no end" (9999).

    Raises:
        BadCell: when it is none of these, or no day of the calendar.
    """
    text = cell.split(" ")[0].strip()
    if not text.strip("0"):
        return None
    if serial and _SERIAL.fullmatch(text):
        return _WORKBOOK_DAY_ZERO + timedelta(days=int(text))
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is None:
            continue
        if int(found["y"]) >= _OPEN_YEAR:
            return None
        try:
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError as error:
            raise BadCell(f"{cell!r} is no day of the calendar") from error
    raise BadCell(f"{cell!r} is no date (YYYYMMDD, YYYY-MM-DD or M/D/YYYY)")


def read_count(cell: str) -> int:
    """Read a whole number of at least 0, thousands separated or not.

    Raises:
        BadCell: when it is none.
    """
    text = cell.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,9}(\.0+)?", text):
        raise BadCell(f"{cell!r} is no whole number")
    return int(text.split(".")[0])


def read_amount(cell: str) -> Decimal | None:
    """Read a number above 0; None for a blank.

    Raises:
        BadCell: when it is none.
    """
    text = cell.replace(",", "")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise BadCell(f"{cell!r} is no number") from error
    if not amount.is_finite() or amount <= 0:
        raise BadCell(f"{cell!r} is not above zero")
    return amount


def read_yes(cell: str) -> bool | None:
    """Read yes or no; None for a blank.

    Raises:
        BadCell: when it is neither.
    """
    text = cell.strip().lower()
    if not text:
        return None
    if text in ("yes", "y", "true", "1"):
        return True
    if text in ("no", "n", "false", "0"):
        return False
    raise BadCell(f"{cell!r} is neither yes nor no")
