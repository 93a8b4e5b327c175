"""A home of the first release, brought to this one: something to serve, without working a folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import first_release
import postgres_server
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.offices import open_office
from api.settings import Settings

KEY = "a-key-that-is-long-enough"
HERE = "http://127.0.0.1:8710"
ON_POSTGRESQL = ("test_postgresql.py", "test_records_on_postgresql.py")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the tests of PostgreSQL out where there is none: it is one of two databases, and nobody needs both."""
    if collection_path.name in ON_POSTGRESQL and not postgres_server.BIN.is_dir():
        return True
    return None


def pytest_report_header() -> str:
    return (
        "PostgreSQL 15: tested"
        if postgres_server.BIN.is_dir()
        else "PostgreSQL 15: not here, its tests are left out (apt-get install postgresql-15)"
    )


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres_server.Server]:
    with postgres_server.started() as server:
        yield server


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith(("OVERTURN_", "OPENAI_"))] + ["NO_COLOR", "COLUMNS"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def noon() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the first release, opened and worked by this one. Not to be changed: take `home`."""
    home = first_release.unpack(tmp_path_factory.mktemp("first") / "home")
    with open_office(home, clock=noon, environment={}) as office:
        for practice_id, _ in office.practices():
            office.work(practice_id)
    return home


@pytest.fixture
def home(upgraded: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(upgraded, tmp_path / "home"))


@contextmanager
def served(home: Path) -> Iterator[TestClient]:
    app = create_app(
        Settings(home=home, api_key=KEY), lambda given: open_office(given.home, clock=noon, environment={})
    )
    with TestClient(app, base_url=HERE, headers={"x-api-key": KEY}, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with served(home) as made:
        yield made
