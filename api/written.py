"""What people write into the records: words, without characters that cannot be stored or seen."""

import unicodedata

_BREAKS = frozenset("\n\r\t")


def seen_only(text: str) -> str:
    """Return a text as it is; line breaks and tabs may stand in it.

    Raises:
        ValueError: it holds control characters or halves of characters (lone surrogates).
    """
    for mark in text:
        if unicodedata.category(mark) in ("Cc", "Cs") and mark not in _BREAKS:
            raise ValueError(f"holds U+{ord(mark):04X}, which is no character that can be seen; leave it out")
    return text
