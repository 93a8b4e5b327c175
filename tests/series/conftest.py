"""A worked home of some of practice birch, and copies of it to decide in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from series_home import BIRCH, REMITS, clock
from shared_homes import made_once, worked_home

from agent.office import Office


@pytest.fixture(scope="session")
def worked_birch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(home: Path) -> None:
        folder = tmp_path_factory.mktemp("birch") / "folder"
        shutil.copytree(BIRCH, folder, ignore=lambda where, names: names if Path(where).name == "remits" else [])
        for name in REMITS:
            shutil.copy(BIRCH / "remits" / name, folder / "remits" / name)
        worked_home(folder, home, clock)

    return made_once(tmp_path_factory, "birch-worked", make)


@pytest.fixture
def home(worked_birch: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_birch, tmp_path / "home"))


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    with Office.open(home, clock) as office:
        yield office
