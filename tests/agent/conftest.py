"""The sample practice, worked once for all tests of the machine; each test that changes it gets a copy."""

import fcntl
import os
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
def worked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the sample practice, worked: never to be written to. Processes of one test run share it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    home, done = root / "cedar-worked", root / "cedar-worked.done"
    with (root / "cedar-worked.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with Office.open(home, clock) as office:
                practice_id = office.take_folder(CEDAR).practice_id
                assert practice_id is not None
                office.work(practice_id)
            done.touch()
    return home


@pytest.fixture(scope="session")
def cedar_records(worked_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[DenialRecord, ...]:
    """The records of the sample practice, undisturbed."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(worked_once, home)
    with Office.open(home, clock) as office:
        return tuple(office.records_of(practice_of(office)))


@pytest.fixture
def home(worked_once: Path, tmp_path: Path) -> Path:
    """A copy of the worked home, to do with as the test likes."""
    shutil.copytree(worked_once, tmp_path / "home")
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
