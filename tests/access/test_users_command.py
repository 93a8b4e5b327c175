"""`overturn users`, as whoever keeps the server runs it."""

from pathlib import Path

import pytest
from door import PASSWORD, opened_door
from typer.testing import CliRunner

from api.cli import app
from api.settings import BadSettings, Settings


def run(*arguments: object, code: int = 0, typed: str | None = None) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=typed, env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_first_administrator_is_made_here_and_signs_in(home: Path) -> None:
    assert "No users yet" in run("users", "list", "--home", home)
    add = ("users", "add", "mara", "--name", "Mara Olin", "--role", "administrator", "--home", home)
    assert "may sign in as administrator" in run(*add, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "is taken" in run(*add, typed=f"{PASSWORD}\n{PASSWORD}\n", code=2)
    listed = run("users", "list", "--home", home)
    assert all(word in listed for word in ("Mara Olin", "administrator", "every", "active"))
    assert PASSWORD not in listed
    with opened_door(home) as door:
        first = door.browser().post("/sign-in", data={"login": "mara", "password": PASSWORD})
        assert first.headers["location"] == "/account/second-factor"


def test_a_link_instead_of_a_password_reset_and_disable(home: Path) -> None:
    add = ("users", "add", "otto", "--name", "Otto", "--role", "biller", "--practice", "Cedar Oncology", "--link")
    link = run(*add, "--home", home).split()[-1]
    assert link.startswith("http://127.0.0.1:8710/sign-in/password#")
    again = run("users", "reset", "otto", "--home", home).split()[-1]
    assert again != link
    assert "may not sign in" in run("users", "disable", "otto", "--home", home)
    assert "disabled" in run("users", "list", "--home", home)
    assert "may sign in again" in run("users", "disable", "otto", "--undo", "--home", home)
    assert "there is no user nobody" in run("users", "disable", "nobody", "--home", home, code=2)


def test_a_weak_password_is_refused_with_the_reason(home: Path) -> None:
    add = ("users", "add", "mara", "--name", "Mara", "--role", "biller", "--home", home)
    assert "guessed first" in run(*add, typed="password1234\npassword1234\n", code=2)


def test_a_home_with_users_is_served_without_a_key_one_without_is_not(home: Path) -> None:
    with pytest.raises(BadSettings, match="overturn users add"):
        Settings(home=home, api_key=None).checked()
    Settings(home=home, api_key=None, signs_in=True, host="0.0.0.0").checked()
