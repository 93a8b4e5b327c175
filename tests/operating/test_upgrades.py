"""An older home is upgraded when it is opened: whole or not at all, with a copy of what it was."""

import errno
import re
import stat
import subprocess
import sys
from pathlib import Path

import first_release
import pytest
from sqlalchemy import Connection, create_engine, text

from knowledge.records import NewerSchema, Records, open_records, opening, upgrading
from knowledge.records.encryption import copy_database, is_plain
from knowledge.records.migrations.comparing import differences
from knowledge.records.upgrading import SCHEMA_VERSION, build_by_versions, version_of
from knowledge.sealing import HomeKey

VERSIONS = Path(upgrading.__file__).parent / "migrations" / "versions"
EARLIER = range(1, SCHEMA_VERSION)
KEY = HomeKey(bytes(range(32)))


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The records of a home of the first release."""
    return first_release.unpack(tmp_path / "home") / "overturn.db"


def version_in(database: Path) -> int | None:
    with first_release.connect(database) as connection:
        return version_of(connection)


def made_at(database: Path, version: int) -> None:
    """Make empty records as the program of `version` made them."""
    with create_engine(f"sqlite:///{database}").begin() as connection:
        build_by_versions(connection, version)
        connection.execute(text("insert into schema_version values (1, :version)"), {"version": version})
        connection.execute(text("drop table alembic_version"))  # those programs had none


def copies(home: Path) -> list[Path]:
    return sorted(home.glob("overturn.version-*"))


def open_and_close(database: Path, key: HomeKey | None = None) -> None:
    with open_records(database, key) as records, records.reading() as tx:
        tx.files.practice_ids()


def test_the_number_is_that_of_the_last_version() -> None:
    numbers = sorted(
        int(match[1]) for file in VERSIONS.iterdir() if (match := re.match(r"v(\d{4})_\w+\.py$", file.name))
    )
    assert numbers == list(range(1, SCHEMA_VERSION + 1))


def test_all_versions_in_turn_come_to_the_tables_the_program_knows() -> None:
    """If this fails, a table was changed: `python -m knowledge.records.migrations.drafting "Why"`."""
    with create_engine("sqlite://").begin() as connection:
        build_by_versions(connection)
        assert differences(connection) == ()


def test_a_table_that_lacks_a_column_or_an_index_is_told() -> None:
    with create_engine("sqlite://").begin() as connection:
        build_by_versions(connection)
        connection.execute(text("drop index ix_denial_queue"))
        connection.execute(text("alter table finding drop column code"))
        connection.execute(text("create table stray (id integer)"))
        told = differences(connection)
    assert [line.split()[:2] for line in told] == [["add", "column"], ["add", "index"], ["remove", "table"]]


@pytest.mark.parametrize("version", EARLIER)
def test_every_earlier_version_is_upgraded(version: int, tmp_path: Path) -> None:
    made_at(tmp_path / "overturn.db", version)
    open_and_close(tmp_path / "overturn.db")
    with first_release.connect(tmp_path / "overturn.db") as connection:
        assert differences(connection) == ()
        assert version_of(connection) == SCHEMA_VERSION
        assert connection.scalar(text("select version_num from alembic_version")) == f"{SCHEMA_VERSION:04}"


def test_the_first_release_keeps_every_row(older: Path) -> None:
    before = first_release.rows_of(older)
    assert (len(before["denial"]), len(before["review"]), len(before["source_file"])) == (8, 1, 8)
    columns = {table: cols for table, cols in first_release.columns_in(older).items() if table != "schema_version"}
    open_and_close(older)
    after = first_release.rows_of(older, columns)
    assert after == {table: rows for table, rows in before.items() if table != "schema_version"}


def test_what_older_versions_did_not_list_is_listed(older: Path) -> None:
    with open_records(older) as records, records.reading() as tx:
        (practice_id,) = tx.files.practice_ids()
        listed = {
            stored.denial_id: tx.worklist.get(practice_id, stored.denial_id) for stored in tx.denials.all(practice_id)
        }
        assert len(listed) == 8
        for stored in tx.denials.all(practice_id):
            item = listed[stored.denial_id]
            assert item is not None
            assert stored.record is not None
            assert (item.status, item.root_cause) == (stored.status, stored.record["root_cause"])


def test_the_copy_is_what_the_home_was(older: Path) -> None:
    before = first_release.rows_of(older)
    open_and_close(older)
    (copy,) = copies(older.parent)
    assert copy.name == "overturn.version-1.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert version_in(copy) == 1
    assert first_release.rows_of(copy) == before


def test_opening_again_changes_nothing_and_copies_nothing(older: Path) -> None:
    open_and_close(older)
    rows = first_release.rows_of(older)
    open_and_close(older)
    assert first_release.rows_of(older) == rows
    assert len(copies(older.parent)) == 1


def test_a_copy_put_back_is_upgraded_again_beside_the_first_copy(older: Path) -> None:
    open_and_close(older)
    (copy,) = copies(older.parent)
    older.write_bytes(copy.read_bytes())
    open_and_close(older)
    assert version_in(older) == SCHEMA_VERSION
    assert [found.name for found in copies(older.parent)] == ["overturn.version-1.2.db", "overturn.version-1.db"]


def test_an_upgrade_that_fails_at_its_end_changes_nothing(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = first_release.rows_of(older)

    def fail(_session: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(upgrading, "_list_what_is_not_listed", fail)
        with pytest.raises(RuntimeError, match="broken"):
            open_records(older)
    assert first_release.rows_of(older) == before
    open_and_close(older)
    assert version_in(older) == SCHEMA_VERSION


_DIES = """
import os, sys
from knowledge.records import open_records, upgrading
upgrading._list_what_is_not_listed = lambda session: os._exit(9)
open_records(sys.argv[1])
"""


def test_a_process_that_dies_amid_an_upgrade_leaves_the_home_as_it_was(older: Path) -> None:
    before = first_release.rows_of(older)
    assert subprocess.run([sys.executable, "-c", _DIES, str(older)], timeout=1200).returncode == 9
    assert first_release.rows_of(older) == before
    open_and_close(older)
    assert version_in(older) == SCHEMA_VERSION


def test_without_room_for_the_copy_there_is_no_upgrade(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(opening, "back_up", full)
        with pytest.raises(OSError, match="No space"):
            open_records(older)
    assert version_in(older) == 1


def test_two_processes_upgrade_once(older: Path) -> None:
    code = "import sys; from knowledge.records import open_records; open_records(sys.argv[1]).close()"
    both = [subprocess.Popen([sys.executable, "-c", code, str(older)]) for _ in range(2)]
    assert [process.wait(1200) for process in both] == [0, 0]
    assert version_in(older) == SCHEMA_VERSION
    assert len(copies(older.parent)) == 1


def test_an_encrypted_home_is_upgraded_and_its_copy_is_encrypted(older: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed" / "overturn.db"
    sealed.parent.mkdir()
    copy_database(older, None, sealed, KEY)
    open_and_close(sealed, KEY)
    (copy,) = copies(sealed.parent)
    assert not is_plain(sealed)
    assert not is_plain(copy)
    copy_database(copy, KEY, tmp_path / "opened.db", None)
    assert first_release.rows_of(tmp_path / "opened.db") == first_release.rows_of(older)


def test_a_newer_home_is_refused_and_left_alone(older: Path) -> None:
    with first_release.connect(older) as connection:
        connection.execute(text("update schema_version set version = 99"))
        connection.commit()
    before = first_release.rows_of(older)
    with pytest.raises(NewerSchema, match="version 99"):
        open_records(older)
    assert first_release.rows_of(older) == before
    assert copies(older.parent) == []


def test_a_new_home_says_its_version_to_alembic_too() -> None:
    records: Records = open_records("sqlite://")
    with records, records.reading() as tx:
        connection: Connection = tx.files._session.connection()
        assert version_of(connection) == SCHEMA_VERSION
        assert connection.scalar(text("select version_num from alembic_version")) == f"{SCHEMA_VERSION:04}"
        assert differences(connection) == ()
