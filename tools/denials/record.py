"""A denial written down: the frozen record of one line's state, with its history."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from knowledge.types.denial import Adjudication, Denial, DenialAdjustment, DeniedLine, RemitReference
from knowledge.types.remit import Adjustment
from tools.denials.answers import Answer
from tools.denials.identity import billed_code, denial_id, in_cents, service_day, squeeze
from tools.denials.recoveries import Recovery
from tools.denials.timeline import DenialState, Judged, paid_of


def write_denial(
    state: DenialState,
    key: str,
    judged: list[Judged],
    recoveries: Iterable[Recovery] = (),
    rate: Decimal | None = None,
) -> Denial:
    """Write the record of a state.

    `key` is the line's key in its claim, `judged` every answer about the line, `rate` the contracted
    dollars per unit on its day. A payment taken back is recorded under the reversal, with the reversal's
    adjustments turned positive and what had been paid at stake.
    """
    by, verdict = state.by, state.by.verdict
    first = min(judged, key=lambda j: j.order).answer
    name = f"{key}|{squeeze(by.answer.claim.payer_claim_number)}" if state.duplicate else key
    units = _units(by) if state.reversal else verdict.units
    return Denial(
        denial_id=denial_id(first.payer.key, first.claim.claim_id or first.claim.payer_claim_number, name),
        kind="recouped" if state.reversal else verdict.kind or "denied",
        remit=_reference(state.reversal or by.answer),
        line=_line(by, taken_back=state.reversal is not None),
        adjustments=_adjustments(state),
        remarks=_remarks(state),
        amount_at_stake=in_cents(paid_of(by) if state.reversal else verdict.amount),
        denied_units=units,
        rate_amount=in_cents(rate * units) if rate is not None and units is not None else None,
        outcome=state.outcome,
        outcome_file=state.settled_by.answer.header.file if state.settled_by else None,
        history=_history(judged, recoveries),
        why=_why(state),
        doubts=_doubts(state, judged),
    )


def _reference(answer: Answer) -> RemitReference:
    header, claim, payer = answer.header, answer.claim, answer.payer
    ids = [i for i in header.payer_ids if i.strip()]
    return RemitReference(
        file=header.file,
        payer_id=payer.payer.id if payer.payer else (ids[0] if ids else None),
        payer_name=payer.name or None,
        trace_number=header.trace_number or None,
        paid_on=header.paid_on or header.produced_on,
        claim_id=claim.claim_id,
        payer_claim_number=claim.payer_claim_number or None,
        claim_status=claim.status,
    )


def _line(judged: Judged, *, taken_back: bool) -> DeniedLine | None:
    line = judged.line
    if line is None:
        return None
    return DeniedLine(
        hcpcs=billed_code(line) or None,
        modifiers=line.submitted_modifiers if line.submitted_hcpcs else line.modifiers,
        units=_units(judged),
        service_date=service_day(line, judged.answer.claim),
        charge=in_cents(line.charge),
        paid=Decimal("0.00") if taken_back else in_cents(line.paid),
        line_control=line.line_control or None,
        position=judged.position,
        segment=line.place.segment,
    )


def _units(judged: Judged) -> Decimal | None:
    """Return the units billed: SVC07, else SVC05; a zero or blank says nothing of what was billed."""
    line = judged.line
    return (line.units_submitted or line.units_paid or None) if line is not None else None


def _adjustments(state: DenialState) -> tuple[DenialAdjustment, ...]:
    slots = state.returned if state.reversal else state.by.verdict.adjustments
    sign = -1 if state.reversal else 1
    return tuple(
        DenialAdjustment(
            group=a.group,
            carc=a.carc,
            amount=in_cents(a.amount * sign),
            quantity=abs(a.quantity) if a.quantity is not None else None,
        )
        for a in slots
    )


def _remarks(state: DenialState) -> tuple[str, ...]:
    answer = state.reversal or state.by.answer
    line = state.by.line if state.reversal is None else None
    codes = [r.code for r in (*(line.remarks if line else ()), *answer.claim.remarks)]
    if state.reversal is not None:
        codes += [r.code for reversed_line in answer.claim.lines for r in reversed_line.remarks]
    return tuple(dict.fromkeys(codes))


def _why(state: DenialState) -> str:
    if state.reversal is None:
        return state.by.verdict.why
    return f"{paid_of(state.by):,.2f} had been paid and was taken back; no answer in the folder pays it again"


def _history(judged: list[Judged], recoveries: Iterable[Recovery]) -> tuple[Adjudication, ...]:
    ordered = sorted(judged, key=lambda j: j.order)
    return (*(_adjudication(j) for j in ordered), *(r.note for r in recoveries))


def _adjudication(judged: Judged) -> Adjudication:
    answer = judged.answer
    return Adjudication(
        file=answer.header.file,
        paid_on=answer.header.paid_on or answer.header.produced_on,
        claim_status=answer.claim.status,
        payer_claim_number=answer.claim.payer_claim_number or None,
        paid=in_cents(paid_of(judged)),
        says=_says(judged),
    )


def _says(judged: Judged) -> str:
    claim, line = judged.answer.claim, judged.line
    slots = line.adjustments if line is not None else claim.adjustments
    remarks = [r.code for r in (*(line.remarks if line is not None else ()), *claim.remarks)]
    parts = [f"paid {paid_of(judged):,.2f}", *(_slot(a) for a in slots)]
    if remarks:
        parts.append("remarks " + " ".join(dict.fromkeys(remarks)))
    taken = judged.answer.cancelled_by
    if taken is not None:
        day = taken.header.paid_on
        parts.append(f"taken back{f' on {day.isoformat()}' if day else ''}")
    return f"{judged.verdict.standing}: " + ", ".join(parts)


def _slot(adjustment: Adjustment) -> str:
    return f"{adjustment.group}-{adjustment.carc} {adjustment.amount:,.2f}"


def _doubts(state: DenialState, judged: list[Judged]) -> tuple[tuple[str, str], ...]:
    found = [*state.by.verdict.doubts, *state.doubts]
    found += [doubt for j in judged for doubt in j.answer.doubts]
    if any(j.answer.conflict for j in judged):
        says = "Another delivery of the same payer and trace says something else: ask which one counts."
        found.append(("remit-conflict", says))
    if state.by.answer.day == date.min:
        found.append(("remit-undated", "The remit carries no payment date: no deadline can be counted from it."))
    return tuple(dict.fromkeys(found))
