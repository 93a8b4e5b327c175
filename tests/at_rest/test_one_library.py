"""A database file is open in this process by one library only: two would let go of each other's locks."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.records import open_records
from knowledge.records.encryption import connect, copy_database, is_plain
from knowledge.records.one_library import TwoLibraries, enter, holder, leave
from knowledge.sealing import HomeKey

KEY = HomeKey.read("6f" * 31 + "01")


def test_a_plain_file_that_is_open_is_not_opened_by_the_other_library(tmp_path: Path) -> None:
    file = tmp_path / "overturn.db"
    with open_records(file):
        assert holder(file) == "sqlite3"
        with pytest.raises(TwoLibraries, match="Close the records first"):
            copy_database(file, None, tmp_path / "sealed.db", KEY)
    assert holder(file) is None
    copy_database(file, None, tmp_path / "sealed.db", KEY)
    assert not is_plain(tmp_path / "sealed.db")


def test_an_encrypted_file_that_is_open_is_not_opened_as_a_plain_one(tmp_path: Path) -> None:
    file = tmp_path / "overturn.db"
    with open_records(file, KEY):
        with pytest.raises(TwoLibraries, match="is open in this process by sqlcipher3"):
            connect(file, None)
        connect(file, KEY).close()


def test_a_file_stays_listed_until_the_last_of_its_openings_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    first, second = connect(file, None), connect(file, None)
    first.close()
    first.close()
    assert holder(file) == "sqlite3"
    second.close()
    assert holder(file) is None
    assert file.stat().st_mode & 0o077 == 0
    leave(enter(file, "sqlcipher3"))


def test_looking_whether_an_open_file_is_plain_keeps_its_locks(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    connection = connect(file, None)
    connection.execute("CREATE TABLE t (a)")
    connection.execute("BEGIN EXCLUSIVE")
    assert is_plain(file)
    other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    asked = subprocess.run([sys.executable, "-c", other, str(file)], capture_output=True, text=True, check=False)
    assert sqlite3.OperationalError.__name__ in asked.stderr
    assert "locked" in asked.stderr
    connection.close()


def test_a_copy_of_a_plain_home_in_use_is_made_by_the_library_that_has_it(tmp_path: Path) -> None:
    file = tmp_path / "overturn.db"
    with open_records(file) as records, records.transaction() as repository:
        copy_database(file, None, tmp_path / "copy.db", None)
        assert repository.files.practice_ids() == ()
    with open_records(tmp_path / "copy.db") as copied, copied.reading() as repository:
        assert repository.files.practice_ids() == ()
