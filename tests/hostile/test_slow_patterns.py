"""Text made to take a pattern long: twice as much of it takes about twice as long, never four times."""

import time

import pytest

from api.watched import _unlike

ISA = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260403*1200*^*00501*000000001*0*P*:"
LONG = 400_000
SECONDS = 5.0
"""A pattern that tries every place against every other would take hours at this length."""


@pytest.mark.parametrize(
    "rest",
    [
        b"\n" + b"\n" * LONG + b"x",
        b"\nIEA*1*1\n" + b"\n" * LONG + b"x",
        b"~IEA*1" * (LONG // 6),
        b"~ST*835*" + b"~ST*83" * (LONG // 6),
        b"~" + b" " * LONG + b"x",
        b"\n" + b"\nISA*" * (LONG // 5),
    ],
    ids=["blanks", "blanks-after-the-end", "ends", "sets", "spaces", "heads"],
)
def test_a_file_of_the_watched_folder_is_looked_at_in_no_time(rest: bytes) -> None:
    began = time.process_time()
    assert _unlike(ISA + rest) is not None
    assert time.process_time() - began < SECONDS
