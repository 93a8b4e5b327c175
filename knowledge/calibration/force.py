"""Which confidences count now: the fitted ones while they fit the catalogue, else the stated ones."""

from dataclasses import dataclass

from knowledge.calibration.fingerprint import fingerprint
from knowledge.calibration.stored import Calibration, load_calibration, load_strata
from knowledge.causes import Catalogue


@dataclass(frozen=True, slots=True)
class Confidences:
    """The confidence of each stratum, the threshold shown for straight-through work, and how they stand.

    `threshold` is None when none is shown; `doubt` then says why, for the places where it makes a difference; it is
    empty when there is nothing to doubt.
    """

    values: dict[str, float]
    threshold: float | None
    doubt: str


def in_force(catalogue: Catalogue) -> Confidences:
    """Return the confidences for a catalogue.

    A calibration fitted for another catalogue speaks of other answers: it is set aside, the stated confidences
    count, and no threshold is shown.
    """
    return weigh(load_calibration(), fingerprint(catalogue))


def weigh(calibration: Calibration, catalogue: str) -> Confidences:
    """Return what a calibration comes to under the catalogue of this fingerprint."""
    if calibration.catalogue != catalogue:
        stated = {stratum.id: stratum.stated for stratum in load_strata()}
        doubt = "calibration was fitted for another catalogue: treated as uncalibrated, strict default"
        return Confidences(values=stated, threshold=None, doubt=doubt)
    values = {stratum.id: stratum.fitted for stratum in calibration.strata}
    doubt = "" if calibration.threshold is not None else calibration.threshold_says
    return Confidences(values=values, threshold=calibration.threshold, doubt=doubt)
