"""The records of a new home, and a small practice folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from intake_builders import write_folder

from knowledge.records import Records, open_records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with open_records(tmp_path / "home" / "records.sqlite") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "practice")
