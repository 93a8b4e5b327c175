"""Measure what working a denial costs without making files: `python -m evals.bench.casework PRACTICE...`.

Each practice is taken in and worked as the program does it. Processor time is read at every step's start; what passes
in `draft` and `verify`, which make and check letters and PDF, is kept apart from the rest: reading files, linking,
facts, diagnosis, decision, records. Writes one JSON object: denials, milliseconds of processor time a denial without
files and of files.
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from agent.office import Office
from evals.labels import PRACTICES

FILES = frozenset({"draft", "verify"})


class Meter:
    """Adds up processor seconds by step; told of a step's start, it closes the one before."""

    def __init__(self) -> None:
        self.files = self.rest = 0.0
        self._step, self._since = "", time.process_time()

    def __call__(self, step: str, _denial_id: str) -> None:
        """Close the step before and begin this one."""
        now = time.process_time()
        if self._step in FILES:
            self.files += now - self._since
        else:
            self.rest += now - self._since
        self._step, self._since = step, now


def main(practices: list[str]) -> None:
    """Work the practices named and write the measurement to standard output."""
    denials, files, rest = 0, 0.0, 0.0
    for name in practices:
        with tempfile.TemporaryDirectory(prefix="overturn-bench-") as home:
            meter = Meter()
            with Office.open(Path(home), lambda: datetime.now(UTC), step=meter) as office:
                report = office.take_folder(PRACTICES / name / "folder")
                if report.practice_id is None:
                    raise SystemExit(f"practice {name} could not be taken in")
                office.work(report.practice_id)
                meter("end", "")
                denials += len(list(office.records_of(report.practice_id)))
            files, rest = files + meter.files, rest + meter.rest
    each = 1000 / max(1, denials)
    sys.stdout.write(json.dumps({"denials": denials, "ms": rest * each, "files_ms": files * each}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
