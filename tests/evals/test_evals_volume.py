"""The share of a practice's volume that goes without a person weighs each kind of denial by a published mix."""

import pytest
from eval_builders import label, record

from evals.results import CaseResult
from evals.volume import MixRow, by_volume, load_mix

MIX = (
    MixRow("authorization", 30.0, ("authorization",)),
    MixRow("eligibility", 10.0, ("eligibility",)),
    MixRow("timely", 60.0, ("timely_filing",)),
)


def answered(category: str, went: str | None, allowed: str = "straight_through") -> CaseResult:
    """Return a labelled case of a category, with the route it took; None = no record."""
    truth = label(category=category, route=allowed)
    found = record(route=went) if went else None
    return CaseResult("p", "test", truth, found, (), None)


def test_each_kind_counts_by_its_percent_and_not_by_its_cases() -> None:
    cases = [
        *(answered("authorization", "straight_through") for _ in range(1)),
        *(answered("eligibility", "review") for _ in range(9)),
    ]
    assert by_volume(cases, MIX).went == pytest.approx(30 / 40)


def test_kinds_without_cases_are_left_out_and_said() -> None:
    share = by_volume([answered("eligibility", "straight_through")], MIX)
    assert (share.went, share.counted) == (1.0, 10.0)


def test_a_missed_denial_did_not_go_straight_through_though_its_label_allows_it() -> None:
    share = by_volume([answered("authorization", None)], MIX)
    assert (share.went, share.allowed) == (0.0, 1.0)


def test_without_cases_there_is_no_share() -> None:
    assert by_volume([], MIX) == (None, None, 0)


def test_the_published_mix_names_each_category_once_and_sums_to_all() -> None:
    rows = load_mix()
    named = [category for row in rows for category in row.categories]
    assert len(named) == len(set(named))
    assert sum(row.percent for row in rows) == pytest.approx(100, abs=0.5)
