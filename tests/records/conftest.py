"""Records that know one practice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from records_builders import (
    PRACTICE,
)

from knowledge.records import (
    Records,
    open_records,
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with open_records(tmp_path / "home" / "records.sqlite") as opened:
        with opened.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        yield opened
