"""Loads patients: who they are, how they are insured, and what their chart says."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evals.practices.building.story import Case


@dataclass(frozen=True)
class Patient:
    """One patient file. `members` maps payer id to member id; `chart` is the chart section, or None."""

    key: str
    last: str
    first: str
    born: date
    sex: str
    street: str
    city: str
    state: str
    zip: str
    mrn: str
    members: dict[str, str]
    groups: dict[str, str]
    dx: tuple[str, ...]
    chart: dict[str, Any] | None
    chart_file: str

    def member(self, case: Case) -> str:
        """Return the member id that a claim carries."""
        return case.member or self.members[case.payer]

    def group(self, case: Case) -> str:
        """Return the group number that a claim carries, or nothing."""
        return self.groups.get(case.payer, "")


def load_patients(directory: Path) -> dict[str, Patient]:
    """Read every patient file of a specification, keyed by file name."""
    return {path.stem: _patient(path) for path in sorted(directory.glob("*.yaml"))}


def _patient(path: Path) -> Patient:
    row: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    street, city, state, zip_code = row["address"]
    return Patient(
        key=path.stem,
        last=row["last"],
        first=row["first"],
        born=row["born"],
        sex=row["sex"],
        street=street,
        city=city,
        state=state,
        zip=str(zip_code),
        mrn=row["mrn"],
        members=row.get("members", {}),
        groups=row.get("groups", {}),
        dx=tuple(row.get("dx", ())),
        chart=row.get("chart"),
        chart_file=f"{row['mrn'].lower()}-{path.stem}.json",
    )
