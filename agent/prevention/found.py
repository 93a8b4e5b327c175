"""What a check of unsent claims found: warnings with their fix, and what could not be told."""

from datetime import date
from typing import Literal

from knowledge.types.diagnosis import Category
from knowledge.types.evidence import Evidence
from knowledge.types.practice import Frozen

Severity = Literal["certain", "likely"]


class Warned(Frozen):
    """One proven reason for which a line would be denied.

    `says` is the fault with its values, `fix` what to do before the claim goes out, `evidence` what it rests on.
    `severity`: certain = denied as it stands; likely = the payer judges, and its judgement can be foreseen.
    `later` says that it rests on eligibility verified after the claim was made: it could be known, and was not yet.
    """

    cause: str
    category: Category
    severity: Severity
    says: str
    fix: str
    evidence: tuple[Evidence, ...]
    later: bool = False


class NotTold(Frozen):
    """A cause that could not be looked into, and why: an absent record proves nothing."""

    cause: str
    because: str
    missing: tuple[str, ...] = ()


class CheckedLine(Frozen):
    """One claim line: `warnings` in the order in which to put them right, the first one leads."""

    file: str
    claim_id: str
    frequency: str
    payer_id: str
    payer_name: str
    line: str
    line_control: str
    hcpcs: str
    modifiers: tuple[str, ...]
    service_date: date | None
    charge: str
    sent_on: date
    segment: int
    warnings: tuple[Warned, ...] = ()
    not_checked: tuple[NotTold, ...] = ()
