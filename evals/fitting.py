"""Fit confidence on the development cases and store it: `python -m evals.fitting`.

A stratum's confidence starts at what is stated for it and is moved by its labels: the mean of a beta distribution
whose prior weighs `PRIOR_LABELS` labels at the stated value. Pooling adjacent violators then keeps it from rising
from a surer stratum to a less sure one. The threshold is chosen strict to loose (evals.calibration).

What this can show is limited: rules are built on the development cases, so their answers flatter the rules, and
lines of one visit are not independent, as Clopper-Pearson takes them to be. The test part says how far it holds.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import yaml

from agent.casebook import Casebook
from agent.diagnosis.confidence import stratum_of
from evals.calibration import WANTED_PRECISION, Point, choose_threshold, coverage_precision
from evals.labels import LabelledPractice, load_practices
from evals.results import PracticeResult
from evals.split import SplitRule, load_split, part_of
from evals.statistics import LEVEL, Rate, clopper_pearson_lower
from evals.working import run
from knowledge.calibration import (
    Calibration,
    CalibrationBroken,
    FittedStratum,
    Step,
    Stratum,
    fingerprint,
    in_force,
    load_calibration,
    load_strata,
)
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.records import open_records
from knowledge.types.diagnosis import Diagnosis

PRIOR_LABELS = 30
"""How many labels a stated confidence weighs: about what an average stratum holds, so that a stratum with fewer is
led by what was stated, and one with more by its labels. Set beforehand, not tuned."""

STORED = Path(str(files("knowledge.calibration"))) / "confidence.yaml"

_HEAD = """\
# What labelled cases made of the stated confidences (strata.yaml). Written by `python -m evals.fitting`; not by hand.
# It speaks of invented development cases, on which the rules were built: it flatters them. Read knowledge/calibration/
# README.md before relying on it.
"""

_DECIDES = (("agent", "diagnosis"), ("tools",))
"""The packages whose code and data establish facts, and from them cause and remedy."""


class Counted(NamedTuple):
    """Answers of one stratum: how many, and how many with cause and remedy both right."""

    labels: int
    right: int


def development(practices: Sequence[LabelledPractice], rules: tuple[SplitRule, ...]) -> dict[str, int]:
    """Count the labels for development by practice; practices without any are left out, and are not to be worked."""
    counted = {
        practice.name: sum(
            part_of(rules, practice.name, label.payer_id, label.case) == "development" for label in practice.labels
        )
        for practice in practices
    }
    return {name: number for name, number in counted.items() if number}


def count(practices: Sequence[LabelledPractice], home: Path) -> dict[str, Counted]:
    """Work practices below `home`, score them, and count the development answers by stratum.

    An answer to no denial is wrong. Answers of the test part are not looked at.
    """
    result = run(practices, home, lambda: datetime.now(UTC))
    outcomes = [outcome for practice in result.practices for outcome in _outcomes(practice, home / practice.name)]
    return {
        item.id: Counted(
            sum(name == item.id for name, _ in outcomes), sum(name == item.id and right for name, right in outcomes)
        )
        for item in load_strata()
    }


def _outcomes(practice: PracticeResult, home: Path) -> list[tuple[str, bool]]:
    cases = [case for case in practice.cases if case.part == "development"]
    answers = {case.record.denial_id: case.solved(lenient=True) for case in cases if case.record is not None}
    answers |= {alarm.alarm.record.denial_id: False for alarm in practice.alarms if alarm.part == "development"}
    with open_records(home / "overturn.db") as records:
        with records.reading() as repository:
            (practice_id,) = repository.files.practice_ids()
            stages = [(name, repository.casework.work(practice_id, name, "diagnose", Diagnosis)) for name in answers]
        book = Casebook(records, practice_id, load_codes(home / "codes"))
        return [
            (stratum_of(found, links_ambiguous=bool(book.case(name).links.ambiguous)), answers[name])
            for name, found in stages
            if found is not None  # a case that failed has no diagnosis, and states no confidence to be fitted
        ]


def fit(counts: Mapping[str, Counted], strata: Sequence[Stratum]) -> tuple[FittedStratum, ...]:
    """Return the fitted strata, never rising, in the order given; values to three decimals."""
    means = [
        (PRIOR_LABELS * item.stated + counts[item.id].right) / (PRIOR_LABELS + counts[item.id].labels)
        for item in strata
    ]
    level = falling(means, [PRIOR_LABELS + counts[item.id].labels for item in strata])
    return tuple(_fitted(item.id, counts[item.id], round(value, 3)) for item, value in zip(strata, level, strict=True))


def _fitted(name: str, counted: Counted, value: float) -> FittedStratum:
    ends = Rate(counted.right, counted.labels).interval
    low, high = (round(ends.low, 4), round(ends.high, 4)) if ends else (None, None)
    return FittedStratum(id=name, labels=counted.labels, right=counted.right, fitted=value, low=low, high=high)


def falling(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the closest values, by weighted squares, of which none is above the one before (pooled violators)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, mass, size = value, weight, 1
        while blocks and blocks[-1][0] < mean:
            other, more, before = blocks.pop()
            mean = (mean * mass + other * more) / (mass + more)
            mass, size = mass + more, size + before
        blocks.append((mean, mass, size))
    return [mean for mean, _, size in blocks for _ in range(size)]


def calibrate(
    counts: Mapping[str, Counted], practices: Mapping[str, int], *, on: date, catalogue: str, code: str
) -> Calibration:
    """Return the whole calibration that counts come to: strata, curve and threshold."""
    strata = fit(counts, load_strata())
    points = [Point(s.fitted, place < s.right) for s in strata for place in range(s.labels)]
    chosen = choose_threshold(points)
    return Calibration(
        fitted_on=on,
        version=version("overturn"),
        practices=dict(sorted(practices.items())),
        catalogue=catalogue,
        code=code,
        prior_labels=PRIOR_LABELS,
        wanted_precision=WANTED_PRECISION,
        level=LEVEL,
        strata=strata,
        curve=tuple(
            Step(
                confidence=step.threshold,
                through=step.right.total,
                right=step.right.hits,
                coverage=round(step.coverage, 4),
                lower_bound=round(step.lower_bound, 4),
            )
            for step in coverage_precision(points)
        ),
        threshold=chosen.chosen.threshold if chosen.chosen else None,
        threshold_says=chosen.says,
    )


def as_yaml(calibration: Calibration) -> str:
    """Return the stored form, the same for the same calibration."""
    plain = calibration.model_dump(mode="json") | {"fitted_on": calibration.fitted_on}
    return _HEAD + yaml.safe_dump(plain, sort_keys=False, width=110, allow_unicode=True)


def code_fingerprint() -> str:
    """Return 16 hexadecimal digits over the code and data that establish facts; any edit changes them."""
    found = hashlib.sha256()
    for package, *below in _DECIDES:
        root = Path(str(files(package))).joinpath(*below)
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".yaml", ".csv")):
            found.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def stored_standing() -> str:
    """Say what is stored, on what it was fitted, and whether it still fits the program."""
    calibration, force = load_calibration(), in_force(load_catalogue())
    labels = ", ".join(f"{name} {number}" for name, number in sorted(calibration.practices.items()))
    said = f"Stored calibration: fitted {calibration.fitted_on} on {labels}. {calibration.threshold_says}"
    if calibration.catalogue != fingerprint(load_catalogue()):
        return f"{said}. But {force.doubt}"
    if calibration.code != code_fingerprint():
        return f"{said}. But the code that establishes facts has changed since: fit anew with python -m evals.fitting"
    return said


def threshold_held(points: Sequence[Point]) -> str:
    """Say what the threshold in force comes to on other answers; empty when there is none, or none reaches it."""
    threshold = in_force(load_catalogue()).threshold
    through = [point.right for point in points if threshold is not None and point.confidence >= threshold]
    if not through:
        return ""
    right, lower = sum(through), clopper_pearson_lower(sum(through), len(through))
    return f"Here, from {threshold:.3f} on, {right} of {len(through)} are right, lower bound {lower:.3f}"


def main(argv: list[str] | None = None) -> int:
    """Fit anew and store; the date stays when nothing else changes.

    Returns:
        0; with --check 1 when what is stored is not what fitting gives, and nothing is written.
    """
    parser = argparse.ArgumentParser(prog="evals.fitting", description="Fit confidence on the development practices.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the stored fit is another")
    asked = parser.parse_args(argv)
    before = _before(write=not asked.check)
    there = load_practices()
    labels = development(there, load_split())
    with tempfile.TemporaryDirectory(prefix="overturn-fitting-") as home:
        counts = count([practice for practice in there if practice.name in labels], Path(home))
    catalogue, code = fingerprint(load_catalogue()), code_fingerprint()
    fitted = calibrate(counts, labels, on=before.fitted_on, catalogue=catalogue, code=code)
    if fitted == before:
        sys.stdout.write(f"{STORED.name}: nothing has changed. {fitted.threshold_says}\n")
        return 0
    if asked.check:
        sys.stderr.write(f"{STORED.name}: what is stored is not what fitting gives now\n")
        return 1
    fitted = fitted.model_copy(update={"fitted_on": datetime.now(UTC).date()})
    _store(fitted)
    sys.stdout.write(f"{STORED.name}: written. {fitted.threshold_says}\n")
    return 0


def _before(*, write: bool) -> Calibration:
    """Load what is stored. Where it cannot be used (strata have changed), store a fit without labels in its place.

    The practices cannot be worked without a calibration; which stratum an answer belongs to does not hang on it.
    """
    try:
        return load_calibration()
    except (CalibrationBroken, FileNotFoundError):
        if not write:
            raise
        none = {item.id: Counted(0, 0) for item in load_strata()}
        _store(calibrate(none, {}, on=datetime.now(UTC).date(), catalogue="", code=""))
        return load_calibration()


def _store(calibration: Calibration) -> None:
    STORED.write_text(as_yaml(calibration), encoding="utf-8")
    load_calibration.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
