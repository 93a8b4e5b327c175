"""What share of a practice's volume goes without a person, under a published mix of denials."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from evals.results import CaseResult
from evals.scorers.route import STRAIGHT


class MixRow(NamedTuple):
    """A kind of denial of the published mix: its percent of all, and our categories that belong to it."""

    kind: str
    percent: float
    categories: tuple[str, ...]


class Volume(NamedTuple):
    """Shares in 0..1 of the volume: that went straight through, and that labels allow to; None without cases.

    `counted` is the percent of the mix for which there are labelled cases; the shares are of that part.
    """

    went: float | None
    allowed: float | None
    counted: float


def load_mix(path: Path = Path(__file__).parent / "denial_mix.yaml") -> tuple[MixRow, ...]:
    """Load the published mix; its percents need not sum to 100."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(MixRow(row["kind"], float(row["percent"]), tuple(row["categories"])) for row in rows)


def by_volume(cases: Sequence[CaseResult], mix: Sequence[MixRow]) -> Volume:
    """Weigh each kind's share by its percent; kinds without a labelled case are left out of the whole."""
    groups = [(row.percent, [case for case in cases if case.label.category in row.categories]) for row in mix]
    counted = [(percent, group) for percent, group in groups if group]
    whole = sum(percent for percent, _ in counted)

    def weighed(holds: Callable[[CaseResult], bool]) -> float | None:
        if not whole:
            return None
        return sum(percent * sum(map(holds, group)) / len(group) for percent, group in counted) / whole

    return Volume(
        went=weighed(lambda case: case.record is not None and case.record.route == STRAIGHT),
        allowed=weighed(lambda case: case.label.route == STRAIGHT),
        counted=whole,
    )
