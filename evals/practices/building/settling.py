"""Turns what a payer said of a line into paid dollars and adjustments that balance."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evals.practices.building.story import Adj, Answer, Case, Later, Line, SpecError

CENT = Decimal("0.01")
SEQUESTRATION = Decimal("0.02")


@dataclass(frozen=True)
class SettledLine:
    """A line as the remit shows it: CAS rows with amounts, dollars paid, units paid."""

    line: Line
    number: int
    paid: Decimal
    adjustments: tuple[Adj, ...]
    remarks: tuple[str, ...]
    units_paid: Decimal
    answer: Answer

    @property
    def allowed(self) -> Decimal:
        """Return dollars allowed: paid, patient share and sequestration together.

        PR-45 is above what is allowed: the balance of a payer without a contract.
        """
        rows = [a for a in self.adjustments if a.code != "PR-45"]
        kept = [a.amount or Decimal(0) for a in rows if a.group == "PR" or a.carc == "253"]
        return self.paid + sum(kept, Decimal(0))

    @property
    def denied(self) -> Decimal:
        """Return dollars of the adjustments that the specification calls a denial."""
        codes = {(a.code, a.quantity) for a in self.answer.denied}
        return sum(((a.amount or Decimal(0)) for a in self.adjustments if (a.code, a.quantity) in codes), Decimal(0))


@dataclass(frozen=True)
class SettledClaim:
    """One CLP: which remit, which status, what of each line."""

    case: Case
    remit: str
    status: str
    icn: str
    moa: tuple[str, ...]
    lines: tuple[SettledLine, ...]
    claim_adjustments: tuple[Adj, ...]
    original_icn: str = ""
    sign: int = 1

    @property
    def charge(self) -> Decimal:
        """Return CLP03."""
        return sum((line.charge for line in self.case.lines), Decimal(0)) * self.sign

    @property
    def paid(self) -> Decimal:
        """Return CLP04: the charge less every adjustment."""
        taken = [a.amount or Decimal(0) for a in self.claim_adjustments]
        taken += [a.amount or Decimal(0) for line in self.lines for a in line.adjustments]
        return self.charge - sum(taken, Decimal(0)) * self.sign

    @property
    def patient_share(self) -> Decimal:
        """Return CLP05: all PR adjustments."""
        rows = [*self.claim_adjustments, *(a for line in self.lines for a in line.adjustments)]
        return sum((a.amount or Decimal(0) for a in rows if a.group == "PR"), Decimal(0)) * self.sign


def settle(line: Line, number: int, answer: Answer, sequestered: bool, case: str) -> SettledLine:
    """Compute a line's adjustments and payment.

    Raises:
        SpecError: When adjustments exceed the charge.
    """
    rows = list(answer.other)
    if answer.allowed is not None:
        rows += answer.denied
        contractual = line.charge - answer.allowed - _total(rows)
        if contractual:
            rows.insert(0, Adj("CO-45", contractual))
        rows += answer.patient
        if sequestered and answer.sequester:
            due = answer.allowed - _total(answer.patient)
            rows.append(Adj("CO-253", (due * SEQUESTRATION).quantize(CENT, ROUND_HALF_UP)))
    else:
        rows += answer.denied
    open_rows = [row for row in rows if row.amount is None]
    if len(open_rows) > 1:
        raise SpecError(f"{case}, line {number}: two adjustments without an amount")
    left = line.charge - _total(rows)
    settled = tuple(Adj(r.code, left, r.quantity) if r.amount is None else r for r in rows)
    dollars = line.charge - _total(settled)
    if dollars < 0:
        raise SpecError(f"{case}, line {number}: adjustments exceed the charge by {-dollars}")
    if answer.units_paid is not None:
        units = answer.units_paid
    else:
        units = line.units if dollars or answer.allowed is not None else Decimal(0)
    return SettledLine(line, number, dollars, settled, answer.remarks, units, answer)


def settle_case(case: Case, icn: str, sequestered: bool) -> list[SettledClaim]:
    """Settle a case's first answer and everything later, in order of arrival."""
    answers = () if case.no_lines else tuple(line.answer for line in case.lines)
    first = _claim(case, case.remit, case.status, icn, case.moa, answers, sequestered)
    settled = [first]
    for event in case.later:
        settled.append(_later(case, event, settled[-1], first, sequestered))
    return settled


def _later(case: Case, event: Later, last: SettledClaim, first: SettledClaim, sequestered: bool) -> SettledClaim:
    if event.reverses:
        return SettledClaim(
            case,
            event.remit,
            "22",
            event.icn or last.icn,
            last.moa,
            last.lines,
            last.claim_adjustments,
            last.icn,
            -1,
        )
    icn = event.icn or first.icn
    claim = _claim(case, event.remit, event.status, icn, event.moa, event.answers, sequestered)
    return SettledClaim(
        case,
        claim.remit,
        claim.status,
        icn,
        claim.moa,
        claim.lines,
        (),
        first.icn if icn != first.icn else "",
    )


def _claim(
    case: Case,
    remit: str,
    status: str,
    icn: str,
    moa: tuple[str, ...],
    answers: tuple[Answer, ...],
    sequestered: bool,
) -> SettledClaim:
    if answers and len(answers) != len(case.lines):
        raise SpecError(f"{case.id}: {len(answers)} answers for {len(case.lines)} lines")
    lines = tuple(
        settle(line, number, answer, sequestered, case.id)
        for number, (line, answer) in enumerate(zip(case.lines, answers, strict=False), start=1)
    )
    left = sum((line.charge for line in case.lines), Decimal(0)) - _total(case.claim_level)
    whole = tuple(Adj(a.code, left, a.quantity) if a.amount is None else a for a in case.claim_level)
    return SettledClaim(case, remit, status, icn, moa, lines, whole)


def _total(rows: list[Adj] | tuple[Adj, ...]) -> Decimal:
    return sum((row.amount or Decimal(0) for row in rows), Decimal(0))
