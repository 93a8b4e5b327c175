"""Suites of hostile and failing inputs: each tries many, and reports every one that got through."""

from pydantic import BaseModel, ConfigDict


class SuiteReport(BaseModel):
    """What a suite tried and what failed; `failures` holds one line a failed try, `figures` what was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tried: int
    failed: int
    failures: tuple[str, ...]
    figures: dict[str, float] = {}


NAMES: dict[str, str] = {
    "faults": "evals.suites.faults",
    "injection": "evals.suites.injection",
    "learned": "evals.suites.learned",
    "lying": "evals.suites.lying",
    "outcomes": "evals.suites.outcomes",
    "prediction": "evals.suites.prediction",
    "shield": "evals.suites.shield",
}
"""The module of each suite; it has `run() -> SuiteReport`."""
