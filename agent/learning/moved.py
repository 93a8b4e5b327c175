"""What learned rules made of one case: kept beside its diagnosis, so that later steps and people can see it."""

from knowledge.types.diagnosis import Diagnosis, ReviewReason
from knowledge.types.learned import AppliedRule, HeldRule
from knowledge.types.practice import Frozen

MOVED_STAGE = "learned"
"""Under what name it stands among the work of a case."""

RULE_SOURCE = "learned rule "
"""How the source of a rule's evidence begins: a matter between the practice and its records, never of a letter."""


class Moved(Frozen):
    """The house's own answer, the rules that moved it, and those that fit and were held back.

    `engine` is None where no rule fits any more. `printed` is the part of the case print that names the rules.
    `wants` are what payers want beside the answer: what, which, by which rule. `reasons` are why a person must look.
    """

    engine: Diagnosis | None = None
    applied: tuple[AppliedRule, ...] = ()
    held: tuple[HeldRule, ...] = ()
    wants: tuple[tuple[str, str, str], ...] = ()
    reasons: tuple[ReviewReason, ...] = ()
    printed: str = ""
