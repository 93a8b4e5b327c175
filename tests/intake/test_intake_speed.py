"""A large remit goes in and comes out whole; the figures are printed (`pytest -s`) and judged by people."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from intake_builders import put, remit, write_folder

from agent.intake import load_book_inputs, take_folder
from knowledge.codes import load_codes
from knowledge.records import open_records

CLAIMS = 20_000


def test_a_remit_of_twenty_thousand_claims(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "practice")
    data = remit(tuple((f"C{number}", f"ICN{number}") for number in range(CLAIMS)))
    put(folder, "remits/a.835", data)
    codes = load_codes()
    with open_records(tmp_path / "records.sqlite") as records:
        start = perf_counter()
        report = take_folder(records, folder, codes, datetime(2026, 5, 1, tzinfo=UTC))
        taken = perf_counter() - start
        start = perf_counter()
        inputs = load_book_inputs(records, report.practice_id or "")
        loaded = perf_counter() - start
    size = len(data) / 1e6
    sys.stdout.write(f"\n{CLAIMS:,} claims, {size:.1f} MB: taken in {taken:.1f} s, loaded {loaded:.1f} s\n")
    assert sum(len(delivery.claims) for delivery in inputs.deliveries) == CLAIMS
