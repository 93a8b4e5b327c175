"""The encrypted home that tests of locks and of the trail share: one remit of the sample practice, worked."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import CEDAR, noon

from agent.office import Office
from api.offices import open_office

PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
KEY = "6f" * 31 + "01"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever runs the tests may have set these; and no test may leave a home behind."""
    for name in [name for name in os.environ if name.startswith("OVERTURN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the home was worked from. Not to be changed."""
    return made_folder(tmp_path_factory.mktemp("practice"), PARTS)


@pytest.fixture(scope="session")
def worked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home, encrypted, in which `folder` has been worked. Not to be changed."""
    return worked_home(tmp_path_factory.mktemp("worked") / "home", folder, KEY)


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    """A copy of the worked home for one test."""
    return Path(shutil.copytree(worked, tmp_path / "home"))


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    """The copy, opened."""
    with open_office(home, clock=noon, environment={"OVERTURN_KEY": KEY}) as opened:
        yield opened


def made_folder(place: Path, parts: tuple[str, ...]) -> Path:
    """Copy parts of the sample practice to a folder."""
    for part in parts:
        (place / part).parent.mkdir(exist_ok=True)
        shutil.copy(CEDAR / part, place / part)
    return place


def worked_home(place: Path, folder: Path, key: str | None) -> Path:
    """Make a home and work a folder in it."""
    with open_office(place, make=True, clock=noon, environment={"OVERTURN_KEY": key} if key else {}) as office:
        report = office.take_folder(folder)
        assert report.practice_id is not None
        office.work(report.practice_id)
    return place
