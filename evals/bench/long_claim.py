"""Measure `overturn check` on one very long claim: `python -m evals.bench.long_claim [LINES]`.

The longest professional claim this reader takes as one has 999 service lines in a file. All of one member, half of
them one drug on one day: what is asked of a line about its neighbours is asked as often as it can be.
Writes one JSON object: lines, seconds. The practice is of the development set.
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from agent.casebook import Casebook
from agent.intake import take_folder
from agent.prevention.checking import check_claims
from agent.prevention.unsent import Outgoing
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.records import open_records
from knowledge.types.claim import SubmittedClaim

PRACTICE = Path(__file__).parents[1] / "practices" / "cedar" / "folder"
LINES = 999
BAR = 60.0  # seconds


def long_claim(claims: tuple[SubmittedClaim, ...], count: int) -> SubmittedClaim:
    """Return the first claim with `count` lines: its own drug line, and every other line of the practice, in turns."""
    first = claims[0]
    others = [line for claim in claims for line in claim.lines]
    lines = tuple(
        replace(first.lines[0] if number % 2 else others[number % len(others)], number=str(number))
        for number in range(1, count + 1)
    )
    return replace(first, lines=lines)


def main(count: int) -> None:
    """Check the claim once and write the measurement to standard output."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    codes = load_codes()
    with tempfile.TemporaryDirectory() as scratch, open_records(Path(scratch) / "bench.db") as records:
        taken = take_folder(records, PRACTICE, codes, now)
        assert taken.practice_id is not None
        casebook = Casebook(records, taken.practice_id, codes)
        claim = long_claim(casebook.inputs.claims, count)
        started = time.perf_counter()
        found = check_claims(Outgoing(casebook, codes, (claim,), now.date()), load_catalogue(), codes)
        seconds = time.perf_counter() - started
    json.dump({"lines": len(found), "seconds": round(seconds, 2), "bar_met": seconds <= BAR}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
