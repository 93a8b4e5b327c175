"""Does a payer's answer fit the claim, line by line and to the cent? A claim whose sums do not fit is refused there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from knowledge.types.remit import Adjustment, ServicePayment
from tools.corrected_claim.draft import Draft, DraftLine, element, references
from tools.other_payer_claim.plan import FirstAnswer

_A_SEGMENT, _MOST_SEGMENTS = 6, 5  # reasons in a CAS; CAS in 2320 and in 2430
_ASK = "get the whole remittance of the first plan, or bill by paper with it"


def answered_lines(draft: Draft, answer: FirstAnswer) -> list[tuple[DraftLine, ServicePayment]]:
    """Pair each line of the claim with the answer to it: by line control, else by code, modifiers and charge.

    Raises CorrectionRefused where one is without the other, and where the sums do not balance: a line's charge is what
    was paid and adjusted of it, the claim's charge what was paid and adjusted of all, and what was paid is what the
    lines were paid less what was adjusted of the claim as a whole.
    """
    left = list(answer.claim.lines)
    pairs = []
    for line in draft.lines:
        fits = [service for service in left if _same(draft, line, service)]
        if len(fits) != 1:
            what = f"the first plan's remittance answers line {line.number} {len(fits) or 'no'} times"
            raise draft.refusal("line-not-answered", what, _ASK, line.loop)
        left.remove(fits[0])
        pairs.append((line, fits[0]))
    if left:
        what = f"the first plan's remittance has {len(left)} lines more than the claim"
        raise draft.refusal("line-not-answered", what, _ASK, "2400")
    _balance(draft, answer, pairs)
    return pairs


def _same(draft: Draft, line: DraftLine, service: ServicePayment) -> bool:
    own = references(line.segments, "2400", "6R")
    if own and service.line_control:
        return element(own[0], 2).strip() == service.line_control.strip()
    parts = element(line.service, 1).split(draft.component)
    recoded = bool(service.submitted_hcpcs)
    code = service.submitted_hcpcs or service.hcpcs
    modifiers = service.submitted_modifiers if recoded else service.modifiers
    charge = draft.amount(line.service, 2, line.loop)
    return (parts[1:2], tuple(p for p in parts[2:6] if p), charge) == ([code], modifiers, service.charge)


def _balance(draft: Draft, answer: FirstAnswer, pairs: Sequence[tuple[DraftLine, ServicePayment]]) -> None:
    for line, service in pairs:
        charge = draft.amount(line.service, 2, line.loop)
        _equal(draft, line.loop, charge, service.paid, service.adjustments)
        if not service.paid and not service.adjustments and charge:
            what = f"the first plan neither paid nor adjusted line {line.number}"
            raise draft.refusal("line-not-answered", what, _ASK, line.loop)
    every = [a for _, service in pairs for a in service.adjustments] + list(answer.claim.adjustments)
    _equal(draft, "2320", draft.amount(draft.head[0], 2, "2300"), answer.claim.paid, every)
    lines = sum((service.paid for _, service in pairs), Decimal(0))
    whole = sum((a.amount for a in answer.claim.adjustments), Decimal(0))
    if answer.claim.paid != lines - whole:
        what = f"the first plan paid {answer.claim.paid} on the claim and {lines - whole} by its lines"
        raise draft.refusal("out-of-balance", what, _ASK, "2320")


def _equal(draft: Draft, loop: str, charge: Decimal, paid: Decimal, adjustments: Iterable[Adjustment]) -> None:
    adjusted = sum((a.amount for a in adjustments), Decimal(0))
    if charge != paid + adjusted:
        what = f"{charge} charged is not {paid} paid and {adjusted} adjusted"
        raise draft.refusal("out-of-balance", what, _ASK, loop)


def cas_segments(draft: Draft, adjustments: Iterable[Adjustment], loop: str) -> list[list[str]]:
    """Write adjustments as they were made: one CAS a group, six reasons in each.

    Raises CorrectionRefused when there are more than a loop has room for.
    """
    groups: dict[str, list[Adjustment]] = defaultdict(list)
    for adjustment in adjustments:
        if adjustment.amount:
            groups[adjustment.group].append(adjustment)
    out = []
    for group, members in groups.items():
        for start in range(0, len(members), _A_SEGMENT):
            segment = ["CAS", group]
            for one in members[start : start + _A_SEGMENT]:
                segment += [one.carc, plain(one.amount), plain(one.quantity) if one.quantity is not None else ""]
            while not segment[-1]:
                segment.pop()
            out.append(segment)
    if len(out) > _MOST_SEGMENTS:
        what = f"the first plan made more adjustments than a claim has room for ({len(out)} CAS)"
        raise draft.refusal("adjustments-too-many", what, "bill by paper with the remittance", loop)
    return out


def plain(value: Decimal) -> str:
    """Write a number without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
