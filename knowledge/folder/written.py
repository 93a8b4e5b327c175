"""Values as people write them in the practice's files. None = not written that way; nothing is guessed."""

import re
from datetime import date
from decimal import Decimal

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,9})?|\.\d{1,9}", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def as_day(text: str) -> date | None:
    """Read YYYY-MM-DD. Other orders (03/04/2026) could mean two days and are refused."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def as_amount(text: str) -> Decimal | None:
    """Read a plain number of 0 or more, exactly. Thousands separators and currency signs are refused."""
    plain = text.strip()
    return Decimal(plain) if _AMOUNT.fullmatch(plain) else None


def as_whole(text: str) -> int | None:
    """Read a whole number of 0 or more."""
    plain = text.strip()
    return int(plain) if _WHOLE.fullmatch(plain) else None


def as_flag(text: str) -> bool | None:
    """Read true or false (yes, no, on, off alike)."""
    return _FLAGS.get(text.strip().lower())


def as_codes(text: str) -> tuple[str, ...]:
    """Split codes at blanks, commas, semicolons or bars; upper case, in order, each once."""
    return tuple(dict.fromkeys(code for code in re.split(r"[\s,;|]+", text.strip().upper()) if code))


def as_diagnoses(text: str) -> tuple[str, ...]:
    """Split diagnosis codes; upper case without dots."""
    return tuple(dict.fromkeys(code.replace(".", "") for code in as_codes(text) if code.strip(".")))
