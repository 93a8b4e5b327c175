"""The strata and what was fitted for them, as stored: loaded and validated once."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from knowledge.types.practice import Frozen

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class CalibrationBroken(Exception):
    """A file of the calibration cannot be used: its name and what is wrong."""


class Stratum(Frozen):
    """A way a diagnosis can stand, and the confidence stated for it before any label is counted."""

    id: str
    stated: Share
    says: str


class FittedStratum(Frozen):
    """What labels made of a stratum.

    `right` of `labels` answers had cause and remedy both right; `fitted` is the confidence; `low` and `high` are
    the 95% Clopper-Pearson interval of the share right, None without labels.
    """

    id: str
    labels: Count
    right: Count
    fitted: Share
    low: Share | None
    high: Share | None


class Step(Frozen):
    """What letting through every answer of at least a confidence comes to, on the labels fitted on.

    `coverage` is the share of all answers; `lower_bound` the one-sided 95% Clopper-Pearson bound of the share right.
    """

    confidence: Share
    through: Count
    right: Count
    coverage: Share
    lower_bound: Share


class Calibration(Frozen):
    """A fit: when, on which labels, for which catalogue and code, and what came out.

    `practices` are counts of labelled denials by practice; `prior_labels` how many labels the stated confidence
    weighs; `threshold` the lowest confidence from which on `wanted_precision` is shown, None when none is.
    """

    fitted_on: date
    version: str
    practices: dict[str, Count]
    catalogue: str
    code: str
    prior_labels: Annotated[int, Field(ge=1)]
    wanted_precision: Share
    level: Share
    strata: tuple[FittedStratum, ...]
    curve: tuple[Step, ...]
    threshold: Share | None
    threshold_says: str

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if tuple(stratum.id for stratum in self.strata) != tuple(stratum.id for stratum in load_strata()):
            raise ValueError("its strata are not those of strata.yaml, in their order: fit it anew")
        values = [stratum.fitted for stratum in self.strata]
        if values != sorted(values, reverse=True):
            raise ValueError("a fitted confidence rises from one stratum to the next")
        if any(stratum.right > stratum.labels for stratum in self.strata):
            raise ValueError("a stratum has more right answers than labels")
        return self


@cache
def load_strata() -> tuple[Stratum, ...]:
    """Read strata.yaml, the surest stratum first; CalibrationBroken when it is not valid."""
    try:
        strata = TypeAdapter(tuple[Stratum, ...]).validate_python(yaml.safe_load(_text("strata.yaml")))
    except (yaml.YAMLError, ValidationError) as fault:
        raise CalibrationBroken(f"strata.yaml: {fault}") from fault
    stated, names = [stratum.stated for stratum in strata], {stratum.id for stratum in strata}
    if not strata or stated != sorted(stated, reverse=True) or len(names) != len(strata):
        raise CalibrationBroken("strata.yaml: ids must differ, and `stated` may not rise from one to the next")
    return strata


@cache
def load_calibration() -> Calibration:
    """Read what was fitted last, confidence.yaml; CalibrationBroken when it is not valid."""
    try:
        return Calibration.model_validate(yaml.safe_load(_text("confidence.yaml")))
    except (yaml.YAMLError, ValidationError) as fault:
        raise CalibrationBroken(f"confidence.yaml: {fault}; `python -m evals.fitting` writes it anew") from fault


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
