"""How values are printed in exhibits: one form each, blank when unknown."""

import re
from datetime import date
from decimal import Decimal

from knowledge.types.chart import Amount
from knowledge.types.letters import Field

_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")


def dates_in_words(text: str) -> str:
    """Print every ISO date within `text` as "March 16, 2026"; what is no date of the calendar stays."""
    return _ISO.sub(_in_words, text)


def _in_words(match: re.Match[str]) -> str:
    try:
        return day(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return match[0]


def day(value: date | None) -> str:
    """Print a date as "March 16, 2026"; blank when unknown."""
    return f"{value:%B} {value.day}, {value.year}" if value else ""


def money(value: Decimal | None) -> str:
    """Print dollars as "$12,345.60", negative ones with a leading minus; blank when unknown."""
    if value is None:
        return ""
    return f"-${-value:,.2f}" if value < 0 else f"${value:,.2f}"


def number(value: Decimal | None) -> str:
    """Print a quantity without needless zeros; blank when unknown."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Amount | None) -> str:
    """Print a quantity with its unit; blank when unknown."""
    return f"{number(value.value)} {value.unit}".strip() if value else ""


def fields(*pairs: tuple[str, str]) -> tuple[Field, ...]:
    """Return labelled values, the unknown ones left out."""
    return tuple(Field(label=label, value=value) for label, value in pairs if value)


def segments(text: str) -> str:
    """Return X12 text with one segment a line, terminators kept as "~"."""
    pieces = [piece.strip() for piece in text.replace("\r", "\n").replace("\n", "~").split("~")]
    return "\n".join(f"{piece}~" for piece in pieces if piece)


def shortened(text: str, limit: int) -> str:
    """Return `text` cut at a word with an ellipsis when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
