"""One remit of the sample practice, worked once: one packet is approved, or released, and may be sent."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sending_home import CEDAR, PARTS, Clock, Practice, Watcher

from agent.office import Office


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("practice")
    for part in PARTS:
        (made / part).parent.mkdir(exist_ok=True)
        shutil.copy(CEDAR / part, made / part)
    return made


def _worked(folder: Path, home: Path) -> Path:
    with Office.open(home, Clock()) as office:
        practice_id = office.take_folder(folder).practice_id
        assert practice_id is not None
        office.work(practice_id)
    return home


@pytest.fixture(scope="session")
def released(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packet released by policy. Never to be written to."""
    return _worked(folder, tmp_path_factory.mktemp("released") / "home")


@pytest.fixture(scope="session")
def worked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reconsideration that a person has approved. Never to be written to: take `home` for that."""
    root = tmp_path_factory.mktemp("worked")
    shutil.copytree(folder, root / "folder")
    rules = root / "folder" / "practice.yaml"
    rules.write_text(rules.read_text().replace("straight_through: true", "straight_through: false"))
    home = _worked(root / "folder", root / "home")
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        practice.answer("edit", "k1", changes={"remedy": "reconsideration", "then": None})
        practice.answer("approve", "k2")
    return home


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked, tmp_path / "home"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(home: Path, clock: Clock) -> Iterator[Practice]:
    with Office.open(home, clock) as office:
        yield Practice(office)


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path / "drop")
