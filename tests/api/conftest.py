import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_served import CEDAR, noon, served
from fastapi.testclient import TestClient

from api.offices import open_office

PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever runs the tests may have set these; and no test may leave a home behind."""
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_USER", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One remit of the sample practice, with what it takes to work it."""
    made = tmp_path_factory.mktemp("practice")
    for part in PARTS:
        (made / part).parent.mkdir(exist_ok=True)
        shutil.copy(CEDAR / part, made / part)
    return made


@pytest.fixture(scope="session")
def worked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which `folder` has been worked. Not to be changed: take `home` for that."""
    made = tmp_path_factory.mktemp("worked") / "home"
    with open_office(made, make=True, clock=noon) as office:
        report = office.take_folder(folder)
        assert report.practice_id is not None
        office.work(report.practice_id)
    return made


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    """A copy of the worked home for one test."""
    return Path(shutil.copytree(worked, tmp_path / "home"))


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with served(home) as made:
        yield made


@pytest.fixture(scope="session")
def reader(worked: Path) -> Iterator[TestClient]:
    """A client for tests that change nothing."""
    with served(worked) as made:
        yield made
