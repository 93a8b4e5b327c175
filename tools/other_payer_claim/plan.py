"""Who the claim goes to, and what the payer before it answered."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from msgspec import Struct

from knowledge.types.practice import LineOfBusiness
from knowledge.types.remit import ClaimPayment


class OtherPlan(Struct, frozen=True):
    """The plan billed: payer id and name as the practice bills it, the patient's own member id with it.

    `sequence` is SBR01: `P` nobody pays before it, `S` one payer has. `filing` is SBR09. Names are those verified.
    """

    payer_id: str
    name: str
    member_id: str
    last: str
    first: str
    filing: str
    sequence: Literal["P", "S"] = "P"


class FirstAnswer(Struct, frozen=True):
    """What the payer before answered: its id, the day it adjudicated, and its answer (CLP) with every line."""

    payer_id: str
    adjudicated_on: date
    claim: ClaimPayment


@cache
def _filings() -> dict[str, str]:
    text = files(__package__).joinpath("filing.csv").read_text(encoding="utf-8")
    return {row["line_of_business"]: row["filing"] for row in csv.DictReader(text.splitlines())}


def filing_of(line_of_business: LineOfBusiness) -> str | None:
    """Return the claim filing indicator (SBR09) of a line of business; None where it does not say one."""
    return _filings().get(line_of_business)
