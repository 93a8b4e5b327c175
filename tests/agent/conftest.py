"""The sample practice, worked; each test that changes it gets a copy."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cedar_home import CEDAR, practice_of
from home_lives import clock

from agent.office import Office
from knowledge.types.record import DenialRecord


@pytest.fixture(scope="session")
def cedar_records(cedar_worked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[DenialRecord, ...]:
    """The records of the sample practice, undisturbed."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(cedar_worked, home)
    with Office.open(home, clock) as office:
        return tuple(office.records_of(practice_of(office)))


@pytest.fixture
def home(cedar_worked: Path, tmp_path: Path) -> Path:
    """A copy of the worked home, to do with as the test likes."""
    shutil.copytree(cedar_worked, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Office]]:
    """Open homes that are closed when the test ends."""
    with ExitStack() as stack:
        yield lambda home: stack.enter_context(Office.open(home, clock))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample practice's folder, to change."""
    shutil.copytree(CEDAR, tmp_path / "folder")
    return tmp_path / "folder"
