"""Fitting confidence: shrinkage, pooling, threshold, the stored file, and a calibration that is out of date."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from eval_builders import label, practice
from hypothesis import given
from hypothesis import strategies as st

from evals import fitting, scoring
from evals.calibration import Point
from evals.fitting import PRIOR_LABELS, STORED, Counted, as_yaml, calibrate, count, development, falling, fit
from evals.labels import LabelledPractice
from evals.split import Part, SplitRule
from evals.statistics import clopper_pearson
from knowledge.calibration import Calibration, fingerprint, in_force, load_calibration, load_strata
from knowledge.calibration.force import weigh
from knowledge.causes import load_catalogue

STRATA = load_strata()
COUNTS = st.integers(0, 200).flatmap(lambda n: st.builds(Counted, st.just(n), st.integers(0, n)))
BY_STRATUM = st.fixed_dictionaries({item.id: COUNTS for item in STRATA})


def counts(**found: tuple[int, int]) -> dict[str, Counted]:
    return {item.id: Counted(*found.get(item.id.replace("-", "_"), (0, 0))) for item in STRATA}


def calibration(**found: tuple[int, int]) -> Calibration:
    return calibrate(counts(**found), {"oak": 1}, on=date(2026, 5, 1), catalogue="here", code="now")


def test_without_labels_a_stratum_keeps_what_is_stated() -> None:
    assert [item.fitted for item in fit(counts(), STRATA)] == [item.stated for item in STRATA]


def test_labels_move_the_stated_value_by_their_share_of_the_weight() -> None:
    fitted = {item.id: item for item in fit(counts(unknown=(30, 18)), STRATA)}

    assert fitted["unknown"].fitted == pytest.approx((30 * 0.2 + 18) / 60)
    assert (fitted["unknown"].low, fitted["unknown"].high) == pytest.approx(clopper_pearson(18, 30), abs=1e-4)
    assert fitted["named"].low is None


def test_a_less_sure_stratum_that_does_better_is_pooled_with_the_surer_one() -> None:
    fitted = {item.id: item.fitted for item in fit(counts(named_twice=(30, 27), named=(30, 30)), STRATA)}

    assert fitted["named-twice"] == fitted["named"] == pytest.approx((30 * 0.95 * 2 + 57) / 120, abs=5e-4)


@given(BY_STRATUM)
def test_fitted_confidence_never_rises_and_keeps_the_weighted_mean(found: dict[str, Counted]) -> None:
    fitted = fit(found, STRATA)
    values, masses = [item.fitted for item in fitted], [PRIOR_LABELS + item.labels for item in fitted]

    assert values == sorted(values, reverse=True)
    whole = sum(PRIOR_LABELS * item.stated + found[item.id].right for item in STRATA)
    assert sum(v * m for v, m in zip(values, masses, strict=True)) == pytest.approx(whole, abs=0.0006 * sum(masses))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 50)), min_size=1, max_size=8))
def test_pooling_changes_nothing_that_falls_already(pairs: list[tuple[float, float]]) -> None:
    values, weights = sorted((value for value, _ in pairs), reverse=True), [weight for _, weight in pairs]
    assert falling(values, weights) == values


def test_too_few_labels_show_no_threshold_and_say_so() -> None:
    found = calibration(named_twice=(140, 140))

    assert found.threshold is None
    assert "Too few labels" in found.threshold_says
    assert "strict default stays" in found.threshold_says


def test_the_threshold_stops_before_the_first_stratum_that_breaks_the_bound() -> None:
    found = calibration(named_twice=(160, 160), named=(40, 40), named_loosely=(30, 27))

    assert found.threshold == next(item.fitted for item in found.strata if item.id == "named")
    assert [step.through for step in found.curve][:2] == [160, 200]
    assert found.curve[1].lower_bound >= 0.98 > found.curve[2].lower_bound


def test_what_is_stored_is_what_fitting_gives_for_the_stored_counts() -> None:
    stored = load_calibration()
    found = {item.id: Counted(item.labels, item.right) for item in stored.strata}

    again = calibrate(found, stored.practices, on=stored.fitted_on, catalogue=stored.catalogue, code=stored.code)
    again = again.model_copy(update={"version": stored.version})

    assert again == stored
    assert as_yaml(again) == STORED.read_text(encoding="utf-8")
    assert sum(item.labels for item in stored.strata) <= sum(stored.practices.values())


def test_the_stored_form_reads_back_as_it_was() -> None:
    found = calibration(named_twice=(160, 160), unknown=(9, 4))
    assert Calibration.model_validate(yaml.safe_load(as_yaml(found))) == found


def test_only_labels_for_development_are_counted_and_other_practices_are_left_out(tmp_path: Path) -> None:
    oak, elm = (
        LabelledPractice(name=name, folder=tmp_path, labels=(label(), label(case="two")), decoys=())
        for name in ("oak", "elm")
    )
    rules = (SplitRule(practice="oak", case="two", part="development"), SplitRule(part="test"))

    assert development((oak, elm), rules) == {"oak": 1}


def test_answers_of_the_test_part_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labelled = practice(tmp_path, [label()])

    def counted(part: Part) -> int:
        monkeypatch.setattr(scoring, "load_split", lambda: (SplitRule(part=part),))
        return sum(found.labels for found in count([labelled], tmp_path / part).values())

    assert counted("development") > 0
    assert counted("test") == 0


def test_a_calibration_for_this_catalogue_gives_its_values_and_its_threshold() -> None:
    found = calibration(named_twice=(160, 160), unknown=(30, 18))
    force = weigh(found, "here")

    assert force.values == {item.id: item.fitted for item in found.strata}
    assert force.threshold == found.threshold is not None
    assert force.doubt == ""


def test_a_calibration_without_a_threshold_says_why() -> None:
    found = calibration(named_twice=(20, 20))
    assert weigh(found, "here").threshold is None
    assert weigh(found, "here").doubt == found.threshold_says


def test_a_calibration_for_another_catalogue_is_set_aside_and_it_is_said() -> None:
    force = weigh(calibration(named_twice=(160, 160)), "elsewhere")

    assert force.values == {item.id: item.stated for item in STRATA}
    assert force.threshold is None
    assert force.doubt == "calibration was fitted for another catalogue: treated as uncalibrated, strict default"


def test_the_fingerprint_follows_what_decides_and_not_the_wording() -> None:
    catalogue = load_catalogue()
    first, *rest = catalogue.causes

    def changed(**what: object) -> str:
        return fingerprint(catalogue.model_copy(update={"causes": (first.model_copy(update=what), *rest)}))

    assert changed(says=("Other words.",), documents=()) == fingerprint(catalogue)
    assert changed(rank=first.rank + 1) != fingerprint(catalogue)
    assert changed(confirm=()) != fingerprint(catalogue)
    assert in_force(catalogue).values.keys() == {item.id for item in STRATA}


def test_the_report_says_when_the_stored_fit_is_for_another_catalogue_or_other_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = fingerprint(load_catalogue())

    def said(catalogue: str, code: str) -> str:
        stored = load_calibration().model_copy(update={"catalogue": catalogue, "code": code})
        monkeypatch.setattr(fitting, "load_calibration", lambda: stored)
        monkeypatch.setattr(fitting, "in_force", lambda _catalogue: weigh(stored, here))
        return fitting.stored_standing()

    assert "another catalogue" in said("elsewhere", fitting.code_fingerprint())
    assert "code that establishes facts has changed" in said(here, "older")
    assert "But" not in said(here, fitting.code_fingerprint())


def test_the_threshold_in_force_is_held_against_other_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    found = calibration(named_twice=(160, 160))
    monkeypatch.setattr(fitting, "in_force", lambda _catalogue: weigh(found, "here"))
    sure = found.threshold or 0

    assert "3 of 4 are right" in fitting.threshold_held(
        [*[Point(sure, True)] * 3, Point(sure, False), Point(0.1, False)]
    )
    assert fitting.threshold_held([Point(0.1, True)]) == ""


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"strata": ()}, "not those of strata.yaml"),
        ({"strata": "rising"}, "rises"),
        ({"strata": "more"}, "more right answers"),
    ],
)
def test_a_stored_fit_that_does_not_hang_together_is_refused(change: dict[str, object], wrong: str) -> None:
    plain = calibration(named=(5, 5)).model_dump(mode="json")
    if change["strata"] == "rising":
        plain["strata"][-1]["fitted"] = 1.0
    elif change["strata"] == "more":
        plain["strata"][0]["right"] = 9
    else:
        plain |= change
    with pytest.raises(ValueError, match=wrong):
        Calibration.model_validate(plain)
