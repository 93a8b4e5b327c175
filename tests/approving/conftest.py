"""One remit of the sample practice, worked once; each test that changes the home gets a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from approving_home import CEDAR, PARTS, Desk, clock

from agent.office import Office


def _worked(tmp_path_factory: pytest.TempPathFactory, straight_through: bool) -> Path:
    root = tmp_path_factory.mktemp("worked")
    for part in PARTS:
        (root / "folder" / part).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(CEDAR / part, root / "folder" / part)
    practice = root / "folder" / "practice.yaml"
    if not straight_through:
        practice.write_text(practice.read_text().replace("straight_through: true", "straight_through: false"))
    with Office.open(root / "home", clock) as office:
        practice_id = office.take_folder(root / "folder").practice_id
        assert practice_id is not None
        office.work(practice_id)
    return root


@pytest.fixture(scope="session")
def reviewed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case waits for a person. Never to be written to."""
    return _worked(tmp_path_factory, straight_through=False)


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What needs no person is released. Never to be written to."""
    return _worked(tmp_path_factory, straight_through=True)


@pytest.fixture
def root(reviewed_once: Path, tmp_path: Path) -> Path:
    """A copy of `folder` and `home` in which every case waits for a person."""
    return Path(shutil.copytree(reviewed_once, tmp_path / "root"))


@pytest.fixture
def desk(root: Path) -> Iterator[Desk]:
    with Office.open(root / "home", clock) as office:
        yield Desk(office)


@pytest.fixture
def released_root(released_once: Path, tmp_path: Path) -> Path:
    """A copy of `folder` and `home` in which what needs no person is released."""
    return Path(shutil.copytree(released_once, tmp_path / "root"))


@pytest.fixture
def released(released_root: Path) -> Iterator[Desk]:
    with Office.open(released_root / "home", clock) as office:
        yield Desk(office)
