import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_served import served
from fastapi.testclient import TestClient


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever runs the tests may have set these; and no test may leave a home behind."""
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_USER", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def folder(remit_released: Path) -> Path:
    """One remit of the sample practice, with what it takes to work it."""
    return remit_released / "folder"


@pytest.fixture(scope="session")
def worked(remit_released: Path) -> Path:
    """A home in which `folder` has been worked. Not to be changed: take `home` for that."""
    return remit_released / "home"


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    """A copy of the worked home for one test."""
    return Path(shutil.copytree(worked, tmp_path / "home"))


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with served(home) as made:
        yield made


@pytest.fixture(scope="session")
def reader(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client for tests that change nothing."""
    with served(Path(shutil.copytree(worked, tmp_path_factory.mktemp("read") / "home"))) as made:
        yield made
