"""Listings by the page: a cursor says after which item a page ended."""

import base64
import binascii
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from api.problems import ProblemError
from api.schemas import Answered

T = TypeVar("T")

Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.", max_length=500, examples=[None])]
Limit = Annotated[int, Query(ge=1, le=200, description="Items a page.")]
DEFAULT = 50


class Page(Answered, Generic[T]):
    """One page of a listing."""

    items: list[T]
    next_cursor: str | None = Field(description="Hand it back as `cursor` for the next page; null on the last.")


class DatedPage(Page[T], Generic[T]):
    """One page of a listing that is counted from a day; its cursor keeps the day."""

    as_of: date = Field(description="The day it is counted from.")


def write_cursor(listing: str, after: str) -> str:
    """Make the cursor that follows the item named `after`."""
    return base64.urlsafe_b64encode(msgspec.json.encode((listing, after))).decode().rstrip("=")


def read_cursor(listing: str, cursor: str | None) -> str | None:
    """Read a cursor back; None = the first page.

    Raises:
        ProblemError: `bad-cursor`, when this listing never gave it.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        named, after = msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=tuple[str, str]
        )
    except (binascii.Error, UnicodeError, msgspec.MsgspecError) as error:
        raise _bad() from error
    if named != listing:
        raise _bad()
    return after


def page_of(
    listing: str, items: Sequence[T], name: Callable[[T], str], cursor: str | None, limit: int
) -> tuple[list[T], str | None]:
    """Cut a page out of a whole listing, which is the same each time; `name` gives what tells its items apart.

    Raises:
        ProblemError: `bad-cursor`, when no item has the cursor's name (any more).
    """
    after = read_cursor(listing, cursor)
    begin = 0
    if after is not None:
        begin = next((at for at, item in enumerate(items, start=1) if name(item) == after), -1)
        if begin < 0:
            raise _bad()
    page = list(items[begin : begin + limit])
    return page, write_cursor(listing, name(page[-1])) if begin + limit < len(items) else None


def following(listing: str, fetched: Sequence[T], name: Callable[[T], str], limit: int) -> tuple[list[T], str | None]:
    """Make a page of up to `limit` + 1 items that were fetched: the one too many says that another page follows."""
    page = list(fetched[:limit])
    return page, write_cursor(listing, name(page[-1])) if len(fetched) > limit else None


Key = tuple[str, ...]
"""Where an item stands in its listing: made of the item alone, so that no other item moves it."""


def read_place(listing: str, cursor: str | None) -> Key | None:
    """Read where in an ordered listing a page ended; None = the first page.

    Raises:
        ProblemError: `bad-cursor`, when this listing never gave it.
    """
    after = read_cursor(listing, cursor)
    if after is None:
        return None
    try:
        return msgspec.json.decode(after, type=Key)
    except msgspec.MsgspecError as error:
        raise _bad() from error


def ordered_page(
    listing: str, items: Iterable[T], place: Callable[[T], Key], after: Key | None, limit: int
) -> tuple[list[T], str | None]:
    """Cut a page out of a listing that is computed anew each time: the items whose place is beyond `after`.

    What came or went in between shifts nothing: an item that is there at both pages is given once. No two items may
    have the same place.
    """
    return page_in_order(listing, in_order(items, place), after, limit)


def in_order(items: Iterable[T], place: Callable[[T], Key]) -> list[tuple[Key, T]]:
    """Put items in the order of their places."""
    return sorted(((place(item), item) for item in items), key=lambda one: one[0])


def page_in_order(
    listing: str, ordered: Sequence[tuple[Key, T]], after: Key | None, limit: int
) -> tuple[list[T], str | None]:
    """Cut a page out of what is in order already, as `ordered_page` does."""
    begin = 0 if after is None else bisect_right(ordered, after, key=lambda one: one[0])
    page = ordered[begin : begin + limit]
    ended = begin + limit >= len(ordered)
    return [item for _, item in page], None if ended else write_cursor(
        listing, msgspec.json.encode(page[-1][0]).decode()
    )


def day_of(after: Key | None, asked: date | None, else_: date) -> date:
    """Give the day a dated listing is counted from: the first part of its places, so that all pages are of one day.

    Raises:
        ProblemError: `bad-cursor`, when the cursor is of another day than the one asked for.
    """
    if after is None:
        return asked or else_
    try:
        kept = date.fromisoformat(after[0])
    except (IndexError, ValueError) as error:
        raise _bad() from error
    if asked not in (None, kept):
        raise _bad()
    return kept


def digest(item: BaseModel) -> str:
    """Tell an item without an id of its own from others: 12 hex digits of all it says."""
    return hashlib.sha256(item.model_dump_json().encode()).hexdigest()[:12]


def _bad() -> ProblemError:
    return ProblemError("bad-cursor", "the cursor is not one this listing gave; start again without one")
