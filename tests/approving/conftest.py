"""One remit of the sample practice, worked once; each test that changes the home gets a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from approving_home import Desk, clock

from agent.office import Office


@pytest.fixture
def root(remit_reviewed: Path, tmp_path: Path) -> Path:
    """A copy of `folder` and `home` in which every case waits for a person."""
    return Path(shutil.copytree(remit_reviewed, tmp_path / "root"))


@pytest.fixture
def desk(root: Path) -> Iterator[Desk]:
    with Office.open(root / "home", clock) as office:
        yield Desk(office)


@pytest.fixture
def released_root(remit_released: Path, tmp_path: Path) -> Path:
    """A copy of `folder` and `home` in which what needs no person is released."""
    return Path(shutil.copytree(remit_released, tmp_path / "root"))


@pytest.fixture
def released(released_root: Path) -> Iterator[Desk]:
    with Office.open(released_root / "home", clock) as office:
        yield Desk(office)
