"""A worked home of practice birch, and copies of it to decide in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from series_home import BIRCH, clock
from shared_homes import made_once, worked_home

from agent.office import Office


@pytest.fixture(scope="session")
def worked_birch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "birch-worked", lambda home: worked_home(BIRCH, home, clock))


@pytest.fixture
def home(worked_birch: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_birch, tmp_path / "home"))


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    with Office.open(home, clock) as office:
        yield office
