"""Look up what is said of a source in the source: its numbers, dates, amounts and codes."""

import re
from decimal import Decimal, InvalidOperation

_TOKEN = re.compile(r"\d{4}-\d{2}-\d{2}|\$?\d[\d,]*(?:\.\d+)?(?![\w-])|[A-Z]{1,4}-?\d[\w-]*(?:\.\w+)?")
_PART = re.compile(r"[A-Za-z0-9.]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WEEKS = re.compile(r"\b(\d+) weeks\b")
_LONG = 8
"""Digits from which a number is an identifier, which may stand in its source with dashes."""

_NO_AMOUNT = frozenset({"0"})
"""Said of what is absent ("0 mg discarded"): a source need not print it."""


def unsupported(says: str, source: str) -> list[str]:
    """Return the dates, numbers and codes of a sentence that its source does not show, in order.

    Dates may stand there as 2026-03-16 or 20260316, amounts with or without cents, codes with or without dots and
    group-reason pairs (CO-197) as two elements; weeks may stand there as days.
    """
    parts = {part.upper() for part in _PART.findall(source)}
    numbers = {_plain(found) for found in _NUMBER.findall(source)}
    squeezed = re.sub(r"[^A-Z0-9]", "", source.upper())
    says = _WEEKS.sub(
        lambda found: f"{int(found[1]) * 7} days" if str(int(found[1]) * 7) in numbers else found[0], says
    )
    return [token for token in dict.fromkeys(_TOKEN.findall(says)) if not _shown(token, parts, numbers, squeezed)]


def _shown(token: str, parts: set[str], numbers: set[str], squeezed: str) -> bool:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", token):
        return token.replace("-", "") in squeezed
    if token[0] in "$0123456789":
        value = _plain(token.replace("$", "").replace(",", ""))
        return value in numbers or value in _NO_AMOUNT or (len(value) >= _LONG and value in squeezed)
    if token.upper() in parts:
        return True
    pieces = token.upper().split("-")
    return all(piece in parts for piece in pieces) or re.sub(r"[^A-Z0-9]", "", token.upper()) in squeezed


def _plain(number: str) -> str:
    try:
        return format(Decimal(number).normalize(), "f")
    except InvalidOperation:
        return number
