"""Hold Python's cycle collector while many small objects are made.

None of them is in a cycle, and walking them again and again doubles the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_held() -> Iterator[None]:
    """Keep the collector off inside the block, and as it was after it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
