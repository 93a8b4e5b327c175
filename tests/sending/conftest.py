"""One remit of the sample practice, worked once: one packet is approved, or released, and may be sent."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sending_home import Clock, Practice, Watcher

from agent.office import Office


@pytest.fixture(scope="session")
def released(remit_released: Path) -> Path:
    """A packet released by policy. Never to be written to."""
    return remit_released / "home"


@pytest.fixture(scope="session")
def worked(remit_reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reconsideration that a person has approved. Never to be written to: take `home` for that."""
    home = Path(shutil.copytree(remit_reviewed / "home", tmp_path_factory.mktemp("worked") / "home"))
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
