"""Ask named questions of a case: each is answered once, by one small function, with its evidence."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from agent.diagnosis.case import Case
from agent.diagnosis.ledger import Ledger
from agent.diagnosis.subject import subject_line
from knowledge.codes import Codes
from knowledge.types.claim import ClaimLine
from knowledge.types.criteria import Answer
from knowledge.types.diagnosis import ReviewReason
from knowledge.types.evidence import Fact, Truth

if TYPE_CHECKING:
    from agent.diagnosis.clinical import Clinical

Check = Callable[["Inquiry"], Fact]

CHECKS: dict[str, Check] = {}
"""Every check by the name of the fact it establishes."""


def check(function: Check) -> Check:
    """Register a function as the check of the fact it is named after (`code_deleted` → "code-deleted")."""
    name = function.__name__.replace("_", "-")
    if name in CHECKS:
        raise ValueError(f"two checks establish {name}: give one another name")
    CHECKS[name] = function
    return function


def yes(says: str, *evidence: str, **values: str) -> Fact:
    """Answer "confirmed"."""
    return Fact(name="", truth="confirmed", says=says, evidence=_ids(evidence), values=_filled(values))


def no(says: str, *evidence: str, **values: str) -> Fact:
    """Answer "refuted"."""
    return Fact(name="", truth="refuted", says=says, evidence=_ids(evidence), values=_filled(values))


def unknown(says: str, *evidence: str, missing: tuple[str, ...] = (), **values: str) -> Fact:
    """Answer "unknown", naming what a person must get."""
    return Fact(name="", truth="unknown", says=says, evidence=_ids(evidence), missing=missing, values=_filled(values))


def _ids(evidence: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in evidence if item))


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


class SecondVoice(Protocol):
    """Who is heard where a check leaves a fact or a criterion unknown: what a model read, held to its sources."""

    criteria: Mapping[str, Answer]

    def fact(self, q: "Inquiry", unanswered: Fact) -> Fact:
        """Return the fact answered, or as it was."""

    def reasons(self) -> tuple[ReviewReason, ...]:
        """Say what a person must confirm."""


class Inquiry:
    """One case under question. Answers are kept: a fact asked twice is established once.

    `subject` is the claim line the questions about the drug are about: the denied line itself, or, for an
    administration line, the drug it gave (denied on the same claim for the same reason).
    """

    def __init__(self, case: Case, codes: Codes, as_of: date, second: SecondVoice | None = None) -> None:
        self.case = case
        self.second = second
        self.codes = codes
        self.as_of = as_of
        self.ledger = Ledger()
        self._answers: dict[str, Fact] = {}
        self.clinical: Clinical | None = None
        self.subject: ClaimLine | None = subject_line(case, codes)
        self._of_code: tuple[ClaimLine, ...] | None = None

    def fact(self, name: str) -> Fact:
        """Establish a fact by name; KeyError when no check establishes it."""
        if name not in self._answers:
            found = CHECKS[name](self).model_copy(update={"name": name})
            if found.truth == "unknown" and self.second is not None:
                found = self.second.fact(self, found)
            self._answers[name] = found
        return self._answers[name]

    def truth(self, wanted: str) -> Truth:
        """Return how a wanted fact stands; "not x" turns confirmed and refuted round."""
        if not wanted.startswith("not "):
            return self.fact(wanted).truth
        turned: dict[Truth, Truth] = {"confirmed": "refuted", "refuted": "confirmed", "unknown": "unknown"}
        return turned[self.fact(wanted.removeprefix("not ")).truth]

    def facts(self) -> tuple[Fact, ...]:
        """Return every fact established so far, in the order it was asked."""
        return tuple(self._answers.values())

    @property
    def hcpcs(self) -> str:
        """The code in question: the subject's as submitted, else the remit's; empty when neither has one."""
        if self.subject is not None:
            return self.subject.hcpcs
        return (self.case.denial.line.hcpcs or "") if self.case.denial.line else ""

    @property
    def service_date(self) -> date | None:
        """The date of service of the line in question; None when no source states it."""
        line, denied = self.subject, self.case.denial.line
        if line is not None and line.start_date is not None:
            return line.start_date
        return denied.service_date if denied else None

    @property
    def billed_units(self) -> Decimal | None:
        """Units of the line in question as submitted, else as adjudicated; None when neither states them."""
        if self.subject is not None and self.subject.units is not None:
            return self.subject.units
        return self.case.denial.line.units if self.case.denial.line else None

    @property
    def carcs(self) -> frozenset[str]:
        """The denial's adjustment reason codes as received."""
        return frozenset(adjustment.carc for adjustment in self.case.denial.adjustments)

    @property
    def remarks(self) -> frozenset[str]:
        """The denial's remark codes that explain something: alerts left out."""
        return frozenset(code for code in self.case.denial.remarks if not self.codes.rarc.is_alert(code))

    def lines_of_code(self) -> tuple[ClaimLine, ...]:
        """Return the claim's lines of the code in question on its day; empty without a claim."""
        if self._of_code is None:
            claim, code, days = self.case.claim, self.hcpcs, (self.service_date, None)
            lines = claim.lines if claim is not None else ()
            self._of_code = tuple(line for line in lines if line.hcpcs == code and line.start_date in days)
        return self._of_code
