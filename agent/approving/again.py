"""When a decision is the one made before, sent twice, and when it is made anew in the same words."""

from collections.abc import Sequence
from itertools import count

from knowledge.records import Review


def decision_key(base: str, earlier: Sequence[Review], *, waiting: bool) -> str:
    """Name a decision that came without a key of its own: `base` says what it is, `earlier` are the denial's reviews.

    The last decision sent again after it took effect is the same decision and counts once. While the denial waits it is
    a new one, also in the words of an earlier: that was taken back, or records have opened the denial again.
    """
    known = {review.key for review in earlier}
    names = (base if number == 0 else f"{base}:{number}" for number in count())
    return next(name for name in names if name not in known or (not waiting and earlier[-1].key == name))
