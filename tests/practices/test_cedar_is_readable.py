"""The product's own readers find nothing wrong in the sample practice's X12 files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evals.practices.building.rendering import FOLDER
from knowledge.types.reading import ReadingFinding
from tools.x12.acknowledgements import read_acknowledgements
from tools.x12.claims import read_claims
from tools.x12.remits import read_remits

HOME = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / FOLDER


@pytest.mark.parametrize(
    ("part", "read"),
    [("remits", read_remits), ("claims", read_claims), ("acks", read_acknowledgements)],
    ids=["835", "837P", "277CA"],
)
def test_no_file_gives_a_finding(part: str, read: Callable[[bytes, str], Iterator[object]]) -> None:
    facts = [fact for path in sorted((HOME / part).iterdir()) for fact in read(path.read_bytes(), path.name)]
    assert len(facts) > 5
    assert [fact for fact in facts if isinstance(fact, ReadingFinding)] == []
