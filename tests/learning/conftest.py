"""One remit of the sample practice, worked once; each test gets a copy of the home."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from learning_home import CEDAR, PARTS, Home, clock

from agent.office import Office


@pytest.fixture(scope="session")
def worked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Never to be written to."""
    root = tmp_path_factory.mktemp("taught")
    for part in PARTS:
        (root / "folder" / part).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(CEDAR / part, root / "folder" / part)
    with Office.open(root / "home", clock) as office:
        practice_id = office.take_folder(root / "folder").practice_id
        assert practice_id is not None
        office.work(practice_id)
    return root / "home"


@pytest.fixture
def root(worked_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_once, tmp_path / "home"))


@pytest.fixture
def home(root: Path) -> Iterator[Home]:
    with Office.open(root, clock) as office:
        yield Home(office)
