"""The case of a line before it is sent: that of a denial, with what only matters beforehand."""

from dataclasses import dataclass

from agent.diagnosis.case import Case
from agent.diagnosis.inquiry import Inquiry
from knowledge.types.practice import Policy


@dataclass(frozen=True, slots=True)
class UnsentCase(Case):
    """`rules` are all policies of the payer in force on the day of service that are about the code or about claims."""

    rules: tuple[Policy, ...] = ()


def rules_of(q: Inquiry) -> tuple[Policy, ...]:
    """Return the payer's policies in force; none for a case that is no unsent one."""
    return q.case.rules if isinstance(q.case, UnsentCase) else ()
