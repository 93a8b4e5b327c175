"""Parameters in parts: a statement of SQLite takes a limited number of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
_AT_ONCE = 500


def in_parts(values: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    """Give values in their order, so many at a time as one statement takes."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
