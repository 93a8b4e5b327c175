"""Payer rules that billers' corrections taught: what they match, what they change, and how they came to be."""

from typing import Literal

from pydantic import AwareDatetime

from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen

RuleAction = Literal["proposed", "changed", "accepted", "withdrawn"]
RuleState = Literal["proposed", "in_force", "withdrawn"]
RuleStanding = Literal["kept", "contradicted"]

ANSWERS = ("root_cause", "remedy", "then")
"""What a rule may change in the answer itself."""

WANTS = ("enclosure", "addressee", "channel", "level", "form", "modifier")
"""What a payer may want beside the answer.

An enclosure the packet already holds, and a level, desk, channel or form that is one of the payer's own, is carried
out; a person acts on the rest.
"""


class RuleMatch(Frozen):
    """Which denials a rule is about. All parts must fit; an empty `hcpcs` or a None stands for any.

    `carcs` and `remarks` are the denial's whole set, no subset of it: what was corrected is what is proven.
    `root_cause` is the cause that the rules of the house name by themselves.
    """

    payer_id: str
    root_cause: str | None = None
    carcs: tuple[str, ...] | None = None
    remarks: tuple[str, ...] | None = None
    hcpcs: tuple[str, ...] = ()


class RuleChange(Frozen):
    """What a rule changes: the answer, or what the payer wants beside it. `drops_then`: nothing follows the remedy."""

    root_cause: str | None = None
    remedy: Remedy | None = None
    then: Remedy | None = None
    drops_then: bool = False
    enclosure: str | None = None
    addressee: str | None = None
    channel: str | None = None
    level: str | None = None
    form: str | None = None
    modifier: str | None = None

    def answers(self) -> dict[str, str | None]:
        """Return the parts of the answer that change, by name."""
        found: dict[str, str | None] = {name: value for name in ANSWERS if (value := getattr(self, name)) is not None}
        return {**found, **({"then": None} if self.drops_then else {})}

    def wants(self) -> dict[str, str]:
        """Return what the payer wants beside the answer, by name."""
        return {name: value for name in WANTS if (value := getattr(self, name)) is not None}


class RuleContent(Frozen):
    """What one version of a rule says."""

    match: RuleMatch
    change: RuleChange


class RuleEntry(Frozen):
    """One step in a rule's life, kept for good. `number` counts the steps from 1, `version` what the rule says."""

    rule_id: str
    number: int
    action: RuleAction
    version: int
    content: RuleContent
    by: str
    role: str | None = None
    why: str
    at: AwareDatetime


class RuleExample(Frozen):
    """A correction that taught the rule: which denial, what the house had said, who corrected it, when and why."""

    rule_id: str
    denial_id: str
    said: dict[str, str | None]
    corrected: dict[str, str | None]
    hcpcs: str
    by: str
    why: str
    at: AwareDatetime


class RuleUse(Frozen):
    """What a person made of a case that a version of a rule had moved: kept it so, or corrected it again."""

    rule_id: str
    version: int
    denial_id: str
    standing: RuleStanding
    at: AwareDatetime


class AppliedRule(Frozen):
    """A rule that moved a case, and the sentence that says so."""

    rule_id: str
    version: int
    says: str


class HeldRule(Frozen):
    """A rule that fits a case and was not applied to it, and why not."""

    rule_id: str
    version: int
    because: str
