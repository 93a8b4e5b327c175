"""Cursors: where a listing stopped, as text a caller hands back untouched."""

import base64
import binascii

import msgspec


class BadCursor(ValueError):
    """A cursor that this listing never gave out."""


def write_cursor(rank: int, denial_id: str) -> str:
    """Give the cursor that follows a denial."""
    return base64.urlsafe_b64encode(msgspec.json.encode((rank, denial_id))).decode()


def read_cursor(cursor: str) -> tuple[int, str]:
    """Read a cursor back.

    Raises:
        BadCursor: the text is no cursor of ours.
    """
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=tuple[int, str])
    except (binascii.Error, UnicodeError, msgspec.MsgspecError) as error:
        raise BadCursor(f"cursor {cursor!r} is not one this listing gave; start again without one") from error
