"""Measure this project's reader in a process of its own: `python -m evals.bench.ours FILE MODE`.

Modes: `stream` reads to typed objects, each claim dropped once seen; `keep` holds every one of them.
Writes one JSON object: seconds (one full reading, after a small one to warm up), claims, peak memory in MB.
"""

import json
import resource
import sys
import time
from pathlib import Path

from knowledge.types.remit import ClaimPayment
from tools.x12.remits import RemitEvent, read_remits

_WARM_UP = 200_000


def peak_memory() -> float:
    """Return this process's peak resident memory in MB.

    Linux counts the parent's peak into getrusage of a child, so its own high-water mark is asked first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        mark = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(mark.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(file: str, mode: str) -> None:
    """Read `file` once in the given mode and write the measurement to standard output."""
    data = Path(file).read_bytes()
    for _ in read_remits(data[:_WARM_UP], file, quarantine=False):
        pass
    started = time.perf_counter()
    claims = 0
    kept: list[RemitEvent] = []
    for event in read_remits(data, file):
        claims += isinstance(event, ClaimPayment)
        if mode == "keep":
            kept.append(event)
    seconds = time.perf_counter() - started
    peak = peak_memory()
    json.dump({"seconds": seconds, "claims": claims, "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
