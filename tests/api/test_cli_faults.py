"""Whatever goes wrong at the command line is one clear line."""

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest
from cli_running import REMIT, records, run
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from agent.office import Office
from api.cli import app


def test_a_broken_file_is_named_and_the_rest_is_worked(folder: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "remits" / "cut.835").write_bytes(REMIT.read_bytes()[:900])
    (broken / "auths" / "more.csv").write_text("auth_number,payer\nA-9,CASC1\n")
    home = tmp_path / "new"
    shown = run("work", broken, "--home", home).stdout
    assert "error  remits/cut.835, segment" in shown
    assert "auths/more.csv" in shown
    assert records(home)
    listed = run("findings", "--home", home).stdout
    assert "remits/cut.835" in listed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("work", "nowhere"), "nowhere does not exist"),
        (("work", "plain.txt"), "plain.txt is no folder"),
        (("work", "empty"), "empty is not a practice folder"),
        (("work", "empty", "--home", "plain.txt/home"), "cannot be used as a home"),
        (("queue", "--home", "nowhere"), "there is no home at nowhere"),
        (("show", "den_0", "--home", "nowhere"), "there is no home at nowhere"),
        (("export", "--home", "nowhere"), "there is no home at nowhere"),
        (("serve", "--home", "nowhere", "--demo"), "there is no home at nowhere"),
        (("serve", "--home", "nowhere"), "OVERTURN_API_KEY is not set"),
        (("remit", "nowhere.835"), "nowhere.835 cannot be read"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_code_2(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "plain.txt").write_text("nothing")
    result = run(*arguments, code=2)
    last = result.stderr.splitlines()[-1]
    assert last.startswith("overturn: ")
    assert says in last
    assert "Traceback" not in result.output


def test_a_home_of_a_newer_version_is_left_alone(home: Path) -> None:
    import sqlite3

    with sqlite3.connect(home / "overturn.db") as database:
        database.execute("update schema_version set version = 999")
    database.close()
    assert "newer version" in run("queue", "--home", home, code=2).stderr


def test_a_file_that_is_no_database_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "overturn.db").write_text("this is not a database, and long enough to be seen as none" * 50)
    assert "cannot be opened" in run("queue", "--home", tmp_path, code=2).stderr


def test_a_damaged_checkpoint_file_is_one_clear_line(home: Path) -> None:
    (home / "checkpoints.db").write_bytes(b"no database " * 500)
    assert "checkpoints.db cannot be opened" in run("queue", "--home", home, code=2).stderr


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
        OperationalError("insert", {}, sqlite3.OperationalError("database or disk is full")),
    ],
)
def test_a_full_disk_is_one_clear_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def full(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Office, "work", full)
    said = run("work", folder, "--home", tmp_path / "new", code=2).stderr
    assert "cannot be written" in said
    assert "run the same command again" in said


def test_a_home_is_open_to_its_user_alone(folder: Path, tmp_path: Path) -> None:
    run("work", folder, "--home", tmp_path / "new", "--quiet")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_our_characters_is_shown_what_it_has(home: Path, encoding: str) -> None:
    result = CliRunner(charset=encoding).invoke(app, ["queue", "--home", str(home)])
    assert result.exit_code == 0, result.exception
    assert "denials found" in result.stdout


def test_exported_data_is_utf8_whatever_the_terminal_speaks(folder: Path, tmp_path: Path) -> None:
    made = shutil.copytree(folder, tmp_path / "practice")
    payers = (made / "payers.yaml").read_text().replace("name: Cascade Health Plan", "name: Cáscade Health Plan")
    (made / "payers.yaml").write_text(payers, encoding="utf-8")
    run("work", made, "--home", tmp_path / "home", "--quiet")
    result = CliRunner(charset="ascii").invoke(app, ["export", "--home", str(tmp_path / "home")])
    assert result.exit_code == 0, result.exception
    assert "Cáscade" in result.stdout_bytes.decode("utf-8")
