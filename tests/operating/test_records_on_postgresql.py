"""The records on PostgreSQL: all that is asked of them on SQLite, and what only another kind of database can break."""

import inspect
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from postgres_server import Server

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import test_records
import test_records_denials
import test_worklist
from records_builders import PRACTICE
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from knowledge.records import NewerSchema, Records, on_postgresql, open_records
from knowledge.records.audit import Auditing
from knowledge.records.audit_check import verify_audit
from knowledge.records.migrations.comparing import differences
from knowledge.records.on_postgresql import UnfitDatabase
from knowledge.records.tables import METADATA
from knowledge.records.upgrading import SCHEMA_VERSION, build_by_versions, version_of

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def one_database(postgresql_server: Server) -> Iterator[Records]:
    with open_records(postgresql_server.new()) as opened:
        yield opened


@pytest.fixture
def records(one_database: Records) -> Records:
    """Records that know one practice, and nothing of the test before."""
    listed = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables if table.name != "schema_version")
    with one_database.transaction() as tx:
        tx.standing.connection().execute(text(f"TRUNCATE {listed} RESTART IDENTITY"))
        tx.files.save_practice("p", PRACTICE)
    return one_database


def _asked_on_sqlite(module: ModuleType) -> dict[str, Any]:
    """Give the tests of a module that are handed their records."""

    def takes_records(test: Any) -> bool:
        return "records" in inspect.signature(test).parameters

    found = {}
    for name, held in vars(module).items():
        tests = [one for each, one in vars(held).items() if each.startswith("test_")] if inspect.isclass(held) else []
        if name.startswith("Test") and tests and all(map(takes_records, tests)):
            found[f"{name}Of{module.__name__.title().replace('_', '')}"] = type(name, (held,), {})
        elif name.startswith("test_") and inspect.isfunction(held) and takes_records(held):
            found[name] = held
    return found


for _module in (test_records, test_records_denials, test_worklist):
    globals().update(_asked_on_sqlite(_module))


def test_what_is_asked_on_sqlite_is_asked_here() -> None:
    assert len([name for name in globals() if name.startswith("Test")]) >= 8


@pytest.fixture
def url(postgresql_server: Server) -> str:
    return postgresql_server.new()


def at_once(*works: Callable[[], object]) -> None:
    """Do things at the same time, each with records of its own: to the server they are as two processes."""
    ready = threading.Barrier(len(works))

    def start(work: Callable[[], object]) -> object:
        ready.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(start, work) for work in works]:
            done.result(30)


def test_two_that_open_a_new_database_make_its_tables_once(url: str) -> None:
    at_once(*[lambda: open_records(url).close()] * 2)
    with open_records(url) as opened, opened.reading() as tx:
        assert differences(tx.standing.connection()) == ()


def test_a_database_of_the_first_version_is_upgraded(url: str) -> None:
    engine = on_postgresql.engine_for(make_url(url), "writes", 1000)
    with engine.begin() as connection:
        build_by_versions(connection, 1)
        connection.execute(text("insert into schema_version values (1, 1)"))
        connection.execute(text("drop table alembic_version"))  # that program had none
    engine.dispose()
    with open_records(url) as opened, opened.reading() as tx:
        assert version_of(tx.standing.connection()) == SCHEMA_VERSION
        assert differences(tx.standing.connection()) == ()


def test_a_newer_database_is_refused_and_the_refusal_names_no_password(url: str) -> None:
    with open_records(url) as opened, opened.transaction() as tx:
        tx.standing.connection().execute(text("update schema_version set version = 99"))
    with pytest.raises(NewerSchema, match="version 99") as refused:
        open_records(url.replace("overturn@", "overturn:not-to-be-told@"))
    assert "not-to-be-told" not in str(refused.value)


def test_a_database_that_sorts_by_a_language_is_refused(postgresql_server: Server) -> None:
    by_language = postgresql_server.new("--template=template0", "--encoding=SQL_ASCII", "--locale=C")
    with pytest.raises(UnfitDatabase, match="createdb --template=template0"):
        open_records(by_language)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="not on mysql"):
        open_records("mysql://somewhere/records")


def test_a_reader_keeps_its_view_while_others_write(url: str) -> None:
    with open_records(url) as one, open_records(url) as other, one.reading() as view:
        assert view.files.practice_ids() == ()
        with other.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        assert view.files.practice_ids() == ()


def test_who_reads_and_then_writes_loses_nothing_to_another(url: str) -> None:
    """Each counts the files and adds one named after the count: two that counted alike would collide."""

    def add(records: Records) -> None:
        for _ in range(15):
            with records.transaction() as tx:
                name = str(len(tx.files.all("p")))
                tx.files.add("p", "remit", name, name.encode(), "accepted", AT)

    with open_records(url) as one, open_records(url) as other:
        with one.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        at_once(lambda: add(one), lambda: add(other))
        with one.reading() as tx:
            assert len(tx.files.all("p")) == 30


def test_a_request_that_two_servers_get_at_once_is_begun_once(url: str) -> None:
    told: list[object] = []

    def begin(records: Records) -> None:
        for number in range(10):
            with records.transaction() as tx:
                told.append(tx.idempotency.begin("me", f"k{number}", "f", AT, lease=HOUR, kept=HOUR))

    with open_records(url) as one, open_records(url) as other:
        at_once(lambda: begin(one), lambda: begin(other))
    assert (told.count("begun"), told.count("in progress")) == (10, 10)


def test_the_audit_trail_stays_one_chain_under_two_writers(url: str, tmp_path: Path) -> None:
    auditing = Auditing(lambda: AT, b"s" * 32, tmp_path / "audit.head")

    def change(records: Records, mine: str) -> None:
        for number in range(10):
            with records.transaction() as tx:
                tx.feed.add("p", "denial.found", f"den_{mine}{number}", mine, AT)

    with open_records(url, auditing=auditing) as one, open_records(url, auditing=auditing) as other:
        with one.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        at_once(lambda: change(one, "a"), lambda: change(other, "b"))
        with one.reading() as tx:
            verified = verify_audit(tx, auditing)
            assert (verified.entries, verified.faults) == (21, ())
            assert [event.subject[4] for event in tx.feed.after("p", 0, 50)].count("a") == 10


def test_who_follows_the_feed_while_two_write_misses_nothing(url: str) -> None:
    def tell(records: Records, mine: str) -> None:
        for number in range(25):
            with records.transaction() as tx:
                tx.feed.add("p", "denial.found", f"den_{mine}{number}", mine, AT)

    followed: list[str] = []

    def follow(records: Records) -> None:
        position = 0
        while len(followed) < 50:
            with records.reading() as tx:
                for event in tx.feed.after("p", position, 100):
                    followed.append(event.event_id)
                    position = tx.feed.position_of("p", event.event_id)

    with open_records(url) as one, open_records(url) as two, open_records(url) as three:
        with one.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        at_once(lambda: tell(one, "a"), lambda: tell(two, "b"), lambda: follow(three))
    assert len(set(followed)) == 50


def test_an_error_of_the_database_names_nothing_that_was_stored(url: str) -> None:
    broken = text("insert into practice (practice_id, payload) values ('p', :named)")  # it must have a name
    with open_records(url) as records, pytest.raises(IntegrityError) as raised, records.transaction() as tx:
        tx.standing.connection().execute(broken, {"named": "Okafor, Ada"})
    told = "".join(traceback.format_exception(raised.value))
    assert "null value in column" in told
    assert "Okafor" not in told.replace('"Okafor, Ada"', "")  # which is the line above


_DIES = """
import os, sys
from knowledge.records import open_records
records = open_records(sys.argv[1])
with records.transaction() as tx:
    tx.files.save_practice("half", tx.files.practice("p"))
    os._exit(9)
"""


def test_a_process_that_dies_holds_nobody_up_and_leaves_nothing_half_done(url: str) -> None:
    with open_records(url) as records:
        with records.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        assert subprocess.run([sys.executable, "-c", _DIES, url], timeout=1200).returncode == 9
        with records.transaction() as tx:
            assert tx.files.practice_ids() == ("p",)
