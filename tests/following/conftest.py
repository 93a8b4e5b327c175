"""Denials whose remits come one after the other, and a home with a packet that is sent and answered."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
for part in ("denials", "sending", "x12"):  # their builders serve here too
    sys.path.insert(0, str(TESTS / part))

from sending_home import Clock, Practice, Watcher  # noqa: E402 - its folder is on the path only now

from agent.office import Office  # noqa: E402


@pytest.fixture(scope="session")
def worked(remit_reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one reconsideration that policy has not released. Never to be written to: take `practice`."""
    home = Path(shutil.copytree(remit_reviewed / "home", tmp_path_factory.mktemp("following") / "home"))
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        practice.answer("edit", "k1", changes={"remedy": "reconsideration", "then": None})
        practice.answer("approve", "k2")
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(worked: Path, tmp_path: Path, clock: Clock) -> Iterator[Practice]:
    """An office with one reconsideration approved."""
    home = shutil.copytree(worked, tmp_path / "home")
    with Office.open(Path(home), clock) as office:
        yield Practice(office)


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path / "drop")
