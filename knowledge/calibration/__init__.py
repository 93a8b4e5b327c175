"""How sure a diagnosis is, by how it stands: stated with care, fitted on labelled cases, kept as data."""

from knowledge.calibration.fingerprint import fingerprint
from knowledge.calibration.force import Confidences, in_force
from knowledge.calibration.stored import (
    Calibration,
    CalibrationBroken,
    FittedStratum,
    Step,
    Stratum,
    load_calibration,
    load_strata,
)

__all__ = [
    "Calibration",
    "CalibrationBroken",
    "Confidences",
    "FittedStratum",
    "Step",
    "Stratum",
    "fingerprint",
    "in_force",
    "load_calibration",
    "load_strata",
]
