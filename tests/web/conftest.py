import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import desk
from fastapi.testclient import TestClient


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_KEY", "OVERTURN_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def worked(remit_released: Path) -> Path:
    """A home in which one remit of the sample practice has been worked. Not to be changed: take `client` for that."""
    return remit_released / "home"


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
