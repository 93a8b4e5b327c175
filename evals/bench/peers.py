"""Measure one peer in a process of its own, with the peers' Python: `python peers.py FILE READER`.

Runs alone (it imports nothing of this project) and writes the same JSON object as `ours`.
"""

import importlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def oxedi_tables(data: bytes) -> int:
    """Parse to Arrow tables only; no Python object for a claim or a line is made."""
    oxedi = importlib.import_module("oxedi")
    return int(oxedi.parse(data).count_claims())


def oxedi_rows(data: bytes) -> int:
    """Parse and take every table's rows as Python tuples of Decimals, dates and bytes."""
    return _oxedi_rows(data, named=False)


def oxedi_named_rows(data: bytes) -> int:
    """Parse and take every table's rows as dicts, which name their fields as typed objects do."""
    return _oxedi_rows(data, named=True)


def _oxedi_rows(data: bytes, named: bool) -> int:
    tables = importlib.import_module("oxedi").parse(data).tables
    rows = {name: tables[name].to_polars().rows(named=named) for name in tables}
    return len(rows["claims"])


def openx12_claims(data: bytes) -> int:
    """Parse to nested dicts with float money, adjustments included."""
    reader = importlib.import_module("openx12").x835
    return len(reader.parse(data.decode("ascii")).claims)


def pyx12_claims(data: bytes) -> int:
    """Walk the validated segment tree, claim by claim."""
    context = importlib.import_module("pyx12.x12context")
    parameters = importlib.import_module("pyx12.params").params()
    errors = importlib.import_module("pyx12.error_handler").errh_null()
    source = context.X12ContextReader(parameters, errors, io.StringIO(data.decode("ascii")))
    return sum(node.id == "2100" for node in source.iter_segments("2100"))


READERS: dict[str, Callable[[bytes], int]] = {
    "oxedi-tables": oxedi_tables,
    "oxedi-rows": oxedi_rows,
    "oxedi-named-rows": oxedi_named_rows,
    "openx12": openx12_claims,
    "pyx12": pyx12_claims,
}


def peak_memory() -> float:
    """Return this process's peak resident memory in MB.

    Linux counts the parent's peak into getrusage of a child, so its own high-water mark is asked first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        mark = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(mark.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(file: str, warm_up_file: str, reader: str) -> None:
    """Read a small file to warm up, then `file` once, and write the measurement to standard output."""
    read = READERS[reader]
    data, warm_up = Path(file).read_bytes(), Path(warm_up_file).read_bytes()
    read(warm_up)
    started = time.perf_counter()
    claims = read(data)
    seconds = time.perf_counter() - started
    peak = peak_memory()
    json.dump({"seconds": seconds, "claims": claims, "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
