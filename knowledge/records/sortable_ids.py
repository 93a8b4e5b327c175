"""Ids that sort by when they were made: a prefix that says of what, then a UUID of version 7 (RFC 9562)."""

import re
from datetime import datetime

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that reads as a digit."""

_LENGTH = 26
ENTROPY_BYTES = 10


def sortable_id(prefix: str, at: datetime, entropy: bytes) -> str:
    """Make an id such as `job_01jx...`; of two, the one made a millisecond later is the greater text.

    `entropy` makes it one of its kind: random bytes, or a digest of what it stands for, so that the same thing gets
    the same id.

    Raises:
        ValueError: `at` has no time zone, or fewer than 10 bytes of entropy were given.
    """
    if at.tzinfo is None:
        raise ValueError(f"moment {at.isoformat()} has no time zone; pass an aware datetime")
    if len(entropy) < ENTROPY_BYTES:
        raise ValueError(f"an id needs {ENTROPY_BYTES} bytes of entropy, not {len(entropy)}")
    milliseconds = int(at.timestamp() * 1000)
    rest = int.from_bytes(entropy[:ENTROPY_BYTES], "big")
    number = milliseconds << 80 | 7 << 76 | (rest >> 62 & 0xFFF) << 64 | 0b10 << 62 | rest & (1 << 62) - 1
    digits = "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return f"{prefix}_{digits}"


def pattern(prefix: str) -> str:
    """Give the pattern of the ids with a prefix, for descriptions and checks."""
    return f"^{re.escape(prefix)}_[0-7][{_DIGITS}]{{{_LENGTH - 1}}}$"
