"""What holds when processes die, meet, or run on another database."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from records_builders import NOW, PRACTICE, denial
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from knowledge.records import open_records
from knowledge.records.tables import METADATA

_DIES = """
import os, sys
from datetime import datetime, UTC
from knowledge.records import open_records
records = open_records(sys.argv[1])
with records.transaction() as tx:
    tx.files.add("p", "remit", "first", b"1", "accepted", datetime.now(UTC))
with records.transaction() as tx:
    tx.files.add("p", "remit", "second", b"2", "accepted", datetime.now(UTC))
    os._exit(9)
"""


def test_a_process_that_dies_keeps_what_it_finished_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    with open_records(path) as records, records.transaction() as tx:
        tx.files.save_practice("p", PRACTICE)
    died = subprocess.run([sys.executable, "-c", _DIES, str(path)], check=False, capture_output=True)
    assert died.returncode == 9, died.stderr.decode()
    with open_records(path) as records, records.transaction() as tx:
        assert [file.name for file in tx.files.all("p")] == ["first"]
        tx.files.add("p", "remit", "second", b"2", "accepted", NOW)


def test_writers_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    with open_records(path) as records, records.transaction() as tx:
        tx.files.save_practice("p", PRACTICE)
        tx.denials.save_found("p", [denial("den_1")], NOW)

    def count_up(times: int) -> None:
        with open_records(path) as mine:
            for _ in range(times):
                with mine.transaction() as tx:
                    found = tx.denials.get("p", "den_1")
                    assert found is not None
                    tx.denials.save_found("p", [denial("den_1", says=f"seen {found.revision}")], NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(count_up, [4, 4, 4]))
    with open_records(path) as records, records.reading() as tx:
        found = tx.denials.get("p", "den_1")
    assert found is not None
    assert found.revision == 13


def _belongs_to_a_practice(table: Table) -> bool:
    """Whether its rows hang on rows of a table that says whose they are."""
    above = [key.column.table for key in table.foreign_keys]
    return any("practice_id" in one.columns or _belongs_to_a_practice(one) for one in above)


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in METADATA.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect))
        theirs = "practice_id" in made or _belongs_to_a_practice(table)
        assert theirs or table.name == "schema_version" or table.name.startswith(("access_", "audit_"))
        for column in table.columns:
            if column.name.endswith("_cents"):
                assert f"{column.name} BIGINT" in made
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
