"""What values are called on a page: payers, drugs, causes, places of service, months, remedies, arguments."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from agent.insight.snapshot import Snapshot
from knowledge.causes.catalogue import load_catalogue

_WORDS = {"wording": "house wording", "model": "a model's words", "person": "edited by a person"}
_MISSING = {
    "payer_id": "Payer not known",
    "hcpcs": "Whole claim",
    "site": "Place not known",
    "month": "No remit date",
    "root_cause": "Cause unknown",
}


class Names:
    """Names of the values of one snapshot; `payers` are the practice's own names of its payers, by id."""

    def __init__(self, snapshot: Snapshot, payers: Mapping[str, str]) -> None:
        """Name the values of a snapshot."""
        self._snapshot, self._payers = snapshot, payers

    def of(self, dimension: str, value: str | None) -> str:
        """Return what a value is called; None and blank are those without one."""
        if not value:
            return _MISSING.get(dimension, "Not known")
        match dimension:
            case "payer_id":
                return self._payers.get(value) or self._snapshot.payer_names.get(value, value)
            case "hcpcs":
                return f"{value} {self._snapshot.drug_names.get(value, '')}".strip()
            case "root_cause":
                return cause_name(value)
            case "site":
                return f"{value} {places().get(value, '')}".strip()
            case "month" | "decided":
                return month_name(value)
            case "argument":
                return argument_name(value)
            case _:
                return spoken(value)


def cause_name(cause: str) -> str:
    """Return a cause's title in the catalogue."""
    return _causes().get(cause, "Cause unknown" if cause == "unknown" else spoken(cause))


def month_name(month: str) -> str:
    """Write `2026-03` as `Mar 2026`."""
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


def argument_name(argument: str) -> str:
    """Write the key of an argument in words."""
    cause, kind, words = argument.split("|")
    return f"{cause_name(cause)}: {kind.replace('_', ' ')}, {_WORDS.get(words, words)}"


def spoken(value: str) -> str:
    """Write an id of ours as words."""
    text = value.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


@cache
def places() -> dict[str, str]:
    """Read the places of service, by code, in our own words."""
    text = (files(__package__) / "sites.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


@cache
def _causes() -> dict[str, str]:
    return {cause.id: cause.name for cause in load_catalogue().causes}
