import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import CEDAR, PARTS, desk, noon
from fastapi.testclient import TestClient

from api.offices import open_office


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_KEY", "OVERTURN_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one remit of the sample practice has been worked. Not to be changed: take `client` for that."""
    folder, made = tmp_path_factory.mktemp("practice"), tmp_path_factory.mktemp("worked") / "home"
    for part in PARTS:
        (folder / part).parent.mkdir(exist_ok=True)
        shutil.copy(CEDAR / part, folder / part)
    with open_office(made, make=True, clock=noon) as office:
        report = office.take_folder(folder)
        assert report.practice_id is not None
        office.work(report.practice_id)
    return made


@pytest.fixture
def client(worked: Path, tmp_path: Path) -> Iterator[TestClient]:
    with desk(Path(shutil.copytree(worked, tmp_path / "home"))) as made:
        yield made


@pytest.fixture(scope="session")
def reader(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client for tests that change nothing."""
    home = tmp_path_factory.mktemp("read") / "home"
    with desk(Path(shutil.copytree(worked, home))) as made:
        yield made
