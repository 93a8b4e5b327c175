"""Listings by the page: a cursor says after which item a page ended."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import Field

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


def _bad() -> ProblemError:
    return ProblemError("bad-cursor", "the cursor is not one this listing gave; start again without one")
