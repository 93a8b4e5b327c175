"""What `watch` tells: warnings of doses to come, and every treatment looked at, without any patient's name."""

import hashlib
from datetime import date

from knowledge.types.chart import Chart
from knowledge.types.practice import Frozen
from tools.denials.identity import squeeze


class DoseWarning(Frozen):
    """One thing that will have the next dose denied.

    `patient` is an id (`patient_id`), never a name. `expected` is None where the next date is not known, and `how` says
    why. `by` is the last day to act: the day before the dose; None where its date is not known. `sources` are rows and
    chart resources.
    """

    kind: str
    patient: str
    drug: str
    hcpcs: str
    payer_id: str | None
    expected: date | None
    how: str
    says: str
    to_do: str
    by: date | None
    auth_number: str | None = None
    sources: tuple[str, ...] = ()

    def denial_ids(self) -> tuple[str, ...]:
        """Return the denials it rests on."""
        return tuple(source for source in self.sources if source.startswith("den_"))


class WatchedTreatment(Frozen):
    """One treatment as of the day: when its next dose is due, how much it will be, and what could not be compared.

    `standing`: planned, overdue, unknown (next date not known), lapsed (no dose for longer than an interval past the
    planned day: ask whether it goes on; not warned of), ended (`how` says by what). `after_next` says what will be
    wrong with the dose after the next, where the next is covered: a renewal is to be asked for in time.
    """

    patient: str
    drug: str
    hcpcs: str
    payer_id: str | None
    standing: str
    expected: date | None
    how: str
    last_given: date | None
    units: str | None
    dose: str
    warnings: int
    not_compared: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    after_next: str = ""


class Watch(Frozen):
    """All of a practice's treatments as of a day; warnings by date, those without one last."""

    as_of: date
    warnings: tuple[DoseWarning, ...]
    treatments: tuple[WatchedTreatment, ...]


def patient_id(chart: Chart) -> str:
    """Name a chart's patient without a name: `pat_` and 12 hex digits of identifiers and resource."""
    ids = sorted(squeeze(name) for name in chart.person.identifiers)
    return "pat_" + hashlib.sha256("\x1f".join((chart.person.resource, *ids)).encode()).hexdigest()[:12]


def patient_names(charts: tuple[Chart, ...]) -> dict[str, str]:
    """Return patients' names by id, for output that stays in the practice."""
    return {patient_id(chart): f"{chart.person.last}, {chart.person.first}".strip(", ") for chart in charts}
