"""Intervals and calibration against values known from elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.calibration import (
    Point,
    brier,
    choose_threshold,
    coverage_precision,
    expected_calibration_error,
    fewest_needed,
    reliability,
)
from evals.statistics import Rate, clopper_pearson, clopper_pearson_lower, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.30850),  # 1 - 0.025 ** (1/10)
        (10, 10, 0.69150, 1.0),
        (5, 10, 0.18709, 0.81291),
        (1, 20, 0.00127, 0.24873),
        (8, 10, 0.44390, 0.97479),
        (81, 263, 0.25270, 0.36762),  # Newcombe 1998, table II, exact method
        (15, 148, 0.05783, 0.16170),
    ],
)
def test_clopper_pearson_gives_the_published_ends(hits: int, total: int, low: float, high: float) -> None:
    found = clopper_pearson(hits, total)

    assert found.low == pytest.approx(low, abs=2e-4)
    assert found.high == pytest.approx(high, abs=2e-4)


def test_wilson_gives_the_published_ends() -> None:
    found = wilson(81, 263)  # Newcombe 1998, table II, score method

    assert found.low == pytest.approx(0.2553, abs=1e-4)
    assert found.high == pytest.approx(0.3662, abs=1e-4)


def test_lower_bound_of_nothing_missed_is_the_root_of_the_level() -> None:
    assert clopper_pearson_lower(149, 149) == pytest.approx(0.05 ** (1 / 149), abs=1e-9)


def test_fewest_cases_that_can_show_98_percent_are_149() -> None:
    assert fewest_needed() == 149


@given(st.integers(1, 200).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_interval_holds_the_share_and_mirrors_its_complement(counts: tuple[int, int]) -> None:
    hits, total = counts

    found, mirrored = clopper_pearson(hits, total), clopper_pearson(total - hits, total)

    assert 0 <= found.low <= hits / total <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@pytest.mark.parametrize(("hits", "total"), [(1, 0), (-1, 3), (4, 3)])
def test_counts_that_cannot_be_are_refused(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match="hits must lie"):
        clopper_pearson(hits, total)


def test_nothing_counted_has_neither_share_nor_interval() -> None:
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval is None


def test_perfect_confidence_has_no_error() -> None:
    answers = [Point(1.0, True)] * 5 + [Point(0.0, False)] * 5

    assert brier(answers) == 0
    assert expected_calibration_error(answers) == 0


def test_confidence_that_promises_too_much_is_off_by_the_difference() -> None:
    answers = [Point(0.9, True)] * 6 + [Point(0.9, False)] * 4

    assert expected_calibration_error(answers) == pytest.approx(0.3)
    assert brier(answers) == pytest.approx(0.6 * 0.01 + 0.4 * 0.81)


def test_no_answers_have_no_calibration() -> None:
    assert brier([]) is None
    assert expected_calibration_error([]) is None


def test_a_bin_takes_its_upper_edge() -> None:
    found = reliability([Point(0.0, False), Point(0.1, True), Point(1.0, True)])

    assert [part.rate for part in (found[0], found[9])] == [Rate(1, 2), Rate(1, 1)]


def test_curve_lets_more_through_from_strict_to_loose() -> None:
    curve = coverage_precision([Point(0.9, True), Point(0.8, False), Point(0.9, True), Point(0.5, True)])

    assert [(step.threshold, step.right, step.coverage) for step in curve] == [
        (0.9, Rate(2, 2), 0.5),
        (0.8, Rate(2, 3), 0.75),
        (0.5, Rate(3, 4), 1.0),
    ]


def test_too_few_labels_choose_nothing_and_say_so() -> None:
    found = choose_threshold([Point(0.99, True)] * 148)

    assert found.chosen is None
    assert "Too few labels: 148 answers; at least 149" in found.says


def test_the_loosest_proven_threshold_is_chosen() -> None:
    answers = [Point(0.99, True)] * 149 + [Point(0.9, True)] * 100 + [Point(0.5, False)] * 20

    found = choose_threshold(answers)

    assert found.chosen is not None
    assert found.chosen.threshold == 0.9
    assert found.chosen.right == Rate(249, 249)


def test_testing_stops_at_the_first_threshold_that_fails() -> None:
    """Thresholds behind a failed one are not tried, though by themselves they would pass."""
    answers = [Point(0.99, True)] * 147 + [Point(0.99, False)] * 2 + [Point(0.5, True)] * 2000

    found = choose_threshold(answers)

    assert found.chosen is None
    assert "147 of 149 are right" in found.says
