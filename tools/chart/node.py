"""A tolerant view of one JSON object: ask for what you need, and what was malformed is written down."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_LARGEST = Decimal("1e12")
_SMALLEST_EXPONENT = -12
_PATHS_TOLD = 250
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL_DAY = re.compile(r"\d{4}(-\d{2})?")


class Trouble:
    """What could not be read in one resource: `malformed` are paths with what was expected there, the first ones."""

    def __init__(self) -> None:
        self.malformed: list[str] = []
        self.unsure: list[str] = []

    def expected(self, path: str, what: str) -> None:
        """Note that `path` did not hold `what`."""
        if self.has_room():
            self.malformed.append(f"{path} (expected {what})")

    def has_room(self) -> bool:
        """Tell whether another path is worth noting: a resource broken all over is not told path by path."""
        return len(self.malformed) < _PATHS_TOLD

    def doubt(self, says: str) -> None:
        """Note something that reads well but does not settle the question."""
        self.unsure.append(says)


class Node:
    """One JSON value at a path. A missing field gives nothing; a wrong one is noted in `trouble`."""

    __slots__ = ("path", "trouble", "value")

    def __init__(self, value: object, path: str, trouble: Trouble) -> None:
        self.value = value
        self.path = path
        self.trouble = trouble

    def __bool__(self) -> bool:
        return isinstance(self.value, dict) and bool(self.value)

    def has(self, name: str) -> bool:
        """Tell whether the field is there at all."""
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def child(self, name: str) -> "Node":
        """Return the object in field `name`, an empty node when it is missing or no object."""
        value = self._get(name)
        if value is not None and not isinstance(value, dict):
            self.trouble.expected(f"{self.path}.{name}", "an object")
            value = None
        return Node(value, f"{self.path}.{name}", self.trouble)

    def children(self, name: str) -> Iterator["Node"]:
        """Return the objects in list field `name`; a lone object counts as a list of one."""
        value = self._get(name)
        if isinstance(value, dict):
            value = [value]
        if value is not None and not isinstance(value, list):
            self.trouble.expected(f"{self.path}.{name}", "a list")
            value = None
        for index, item in enumerate(value or ()):
            if isinstance(item, dict):
                yield Node(item, f"{self.path}.{name}[{index}]", self.trouble)
            elif self.trouble.has_room():
                self.trouble.expected(f"{self.path}.{name}[{index}]", "an object")

    def text(self, name: str) -> str:
        """Return the string in field `name`, outer blanks cut; "" when missing. Numbers are not strings."""
        value = self._get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return clean(value)
        self.trouble.expected(f"{self.path}.{name}", "a string")
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the strings of list field `name`; a lone string counts as a list of one."""
        value = self._get(name)
        if isinstance(value, str):
            value = [value]
        if value is None:
            return ()
        if not isinstance(value, list):
            self.trouble.expected(f"{self.path}.{name}", "a list of strings")
            return ()
        return tuple(clean(item) for item in value if isinstance(item, str))

    def number(self, name: str) -> Decimal | None:
        """Return the number in field `name` ("400" counts); None when missing, unreadable or beyond 1e12."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = Decimal(value.strip())
            except InvalidOperation:
                value = None
        if isinstance(value, Decimal) and _sane(value):
            return value
        self.trouble.expected(f"{self.path}.{name}", "a number")
        return None

    def day(self, name: str) -> date | None:
        """Return the calendar day of a FHIR date or dateTime as written, whatever its time zone."""
        text = self.text(name)
        if not text:
            return None
        if _PARTIAL_DAY.fullmatch(text):
            self.trouble.doubt(f'{self.path}.{name} "{text}" names no day')
            return None
        if not _DAY.match(text):
            self.trouble.expected(f"{self.path}.{name}", "a date YYYY-MM-DD")
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            self.trouble.expected(f"{self.path}.{name}", "a date that exists")
            return None

    def moment(self, name: str) -> datetime | None:
        """Return the time of a FHIR dateTime with its zone as written; None for a day without a time."""
        text = self.text(name)
        if not _DAY.match(text) or len(text) == len("2026-01-31"):
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            self.trouble.expected(f"{self.path}.{name}", "a date with a time")
            return None

    def _get(self, name: str) -> object:
        return self.value.get(name) if isinstance(self.value, dict) else None


def clean(text: str) -> str:
    """Strip blanks, and replace lone surrogates, which no file or database can hold."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _sane(value: Decimal) -> bool:
    if not value.is_finite() or value.copy_abs().compare(_LARGEST) > 0:
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and len(value.as_tuple().digits) <= 24
