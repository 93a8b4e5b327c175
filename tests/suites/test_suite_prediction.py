"""The figures of the prediction suite count what they say, and no answer of a payer is read ahead of its day."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.prevention.opening import folder_checked
from evals.labels import PRACTICES, load_practices
from evals.split import load_split
from evals.suites import NAMES
from evals.suites.prediction import PRECISION, RECALL, Judged, judge, report
from knowledge.causes import load_catalogue

RIGHT = Judged(
    practice="p",
    case="c",
    claim_id="C1",
    hcpcs="J9271",
    predicted="jw-jz-missing",
    label="jw-jz-missing",
    accepted=frozenset({"jw-jz-missing"}),
    visible=True,
    family="coding",
)
PAID = replace(RIGHT, label=None, accepted=frozenset(), visible=False, family="paid")
SILENT = replace(PAID, predicted=None)
MISSED = replace(RIGHT, predicted=None)
OTHER_CAUSE = replace(RIGHT, predicted="code-deleted")
UNFORESEEABLE = replace(SILENT, label="audit-recoupment", accepted=frozenset({"audit-recoupment"}), family="payment")


def test_the_suite_has_its_name() -> None:
    assert NAMES["prediction"] == "evals.suites.prediction"


def test_all_right_meets_both_bars() -> None:
    found = report([RIGHT, RIGHT, SILENT, UNFORESEEABLE])
    assert (found.tried, found.failed, found.failures) == (4, 0, ())
    assert (found.figures["precision"], found.figures["recall"]) == (1.0, 1.0)


@pytest.mark.parametrize("wrong", [PAID, OTHER_CAUSE, replace(UNFORESEEABLE, predicted="jw-jz-missing")])
def test_a_warning_that_does_not_come_true_for_its_cause_counts_against_precision(wrong: Judged) -> None:
    found = report([RIGHT, wrong])
    assert found.figures["precision"] == 0.5
    assert found.failed >= 1
    assert any("warned wrongly" in said for said in found.failures)


@pytest.mark.parametrize("missed", [MISSED, OTHER_CAUSE])
def test_a_foreseeable_denial_not_warned_of_for_its_cause_counts_against_recall(missed: Judged) -> None:
    assert report([RIGHT, missed]).figures["recall"] == 0.5


def test_a_denial_that_nobody_could_foresee_counts_against_nothing() -> None:
    assert report([RIGHT, UNFORESEEABLE]).figures["recall"] == 1.0


def test_an_accepted_other_cause_is_right() -> None:
    either = replace(OTHER_CAUSE, accepted=frozenset({"jw-jz-missing", "code-deleted"}))
    assert report([either]).failed == 0


def test_the_bars_are_met_at_the_bar_and_not_below() -> None:
    at = [RIGHT] * 9 + [PAID]
    assert report(at).failed == 0
    assert [said for said in report([*at, PAID]).failures if "below" in said]
    assert (PRECISION, RECALL) == (0.9, 0.8)


def test_figures_by_family_are_of_the_warning_and_of_the_label() -> None:
    found = report([RIGHT, MISSED, replace(PAID, predicted="auth-expired")]).figures
    assert (found["coding.precision"], found["coding.recall"]) == (1.0, 0.5)
    assert (found["authorization.precision"], found["authorization.warned"]) == (0.0, 1.0)


def test_nothing_warned_is_no_good_figure() -> None:
    assert report([MISSED]).failed == 2


def _clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


def test_without_its_remits_a_folder_warns_of_the_same_save_what_was_paid_before(tmp_path: Path) -> None:
    """What denied a claim is in its remit: with the remits gone no warning may be lost, duplicates aside."""
    folder = tmp_path / "folder"
    shutil.copytree(PRACTICES / "cedar" / "folder", folder)
    whole = folder_checked(folder, tmp_path / "a", _clock)
    (practice,) = load_practices(names=("cedar",))
    judged = list(judge(practice, whole.lines, whole.casebook, load_catalogue()))
    assert len(judged) > 120
    assert report(judged).figures["recall"] >= RECALL
    for remit in (folder / "remits").iterdir():
        remit.unlink()
    blind = folder_checked(folder, tmp_path / "b", _clock)
    history = {"duplicate-of-paid-claim", "auth-units-mismatch", "frequency-exceeded", "replacement-claim-mishandled"}
    lost = [
        (line.claim_id, line.line, warning.cause)
        for line, without in zip(whole.lines, blind.lines, strict=True)
        for warning in line.warnings
        if warning.cause not in {w.cause for w in without.warnings} | history
    ]
    assert lost == []


def test_only_practices_that_aredevelopment_as_a_whole_are_run() -> None:
    from evals.suites.prediction import development

    named = set(development(load_split()))
    assert named
    assert {rule.practice for rule in load_split() if rule.part == "test"} & named == set()
