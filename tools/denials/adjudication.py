"""Is this line denied? Group, reason, remark, amount and what was allowed, read together (domain 1.1)."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from knowledge.types.denial import DenialKind
from knowledge.types.remit import Adjustment, ClaimPayment, ServicePayment
from tools.denials.identity import billed_code, total
from tools.denials.rules import AdjustmentRules
from tools.denials.sorting import Pile, Setting, sort_adjustments
from tools.denials.underpayment import shortfall
from tools.denials.verdict import Standing, Verdict

REVERSAL = "22"
_PREDETERMINATION = "25"
_FORWARDED_NOT_OURS = "23"
# Left over from 4010: pended, received, suspended, under review. Nothing is decided.
_UNDECIDED = frozenset({"5", "10", "13", "15", "16", "17", "27"})

Piles = dict[Pile, tuple[Adjustment, ...]]


class _Facts(Struct, frozen=True):
    charge: Decimal
    paid: Decimal
    units: Decimal | None
    remarks: tuple[str, ...]


def is_reversal(claim: ClaimPayment) -> bool:
    """Tell whether a claim takes an earlier answer back: CLP02 22, or a negative charge (4010)."""
    return claim.status == REVERSAL or claim.charge < 0


def assess_line(line: ServicePayment, claim: ClaimPayment, setting: Setting, rules: AdjustmentRules) -> Verdict:
    """Judge one service line by its own adjustments.

    Amounts are dollars as the remit has them. A line whose claim is adjusted at claim level only is judged by
    `assess_claim_level`; nothing is allocated to lines (domain 9.1, gotcha 2).
    """
    early = _by_status(claim)
    if early is not None:
        return early
    if line.charge <= 0:
        return Verdict("nothing-charged", "the line charges nothing")
    piles = sort_adjustments(line.adjustments, setting, rules)
    units = line.units_submitted or line.units_paid or None
    remarks = tuple(r.code for r in (*line.remarks, *claim.remarks))
    verdict = _weigh(_Facts(line.charge, line.paid, units, remarks), setting, piles, rules)
    if verdict.standing == "unexplained" and claim.adjustments:
        return Verdict("at-claim-level", "the claim is adjusted as a whole, the line by nothing")
    if verdict.settles and not claim.adjustments:
        short = shortfall(line, claim, piles, setting.rate)
        if short is not None:
            fee = (*piles.get("fee", ()), *piles.get("reduction", ()))
            return Verdict("denied", short.says, "underpaid", fee, short.amount)
    return _balance(verdict, line, claim)


def assess_claim_level(claim: ClaimPayment, setting: Setting, rules: AdjustmentRules) -> Verdict:
    """Judge a claim by the adjustments that stand at claim level, and by those only."""
    early = _by_status(claim)
    if early is not None:
        return early
    if claim.charge <= 0:
        return Verdict("nothing-charged", "the claim charges nothing")
    piles = sort_adjustments(claim.adjustments, setting, rules)
    facts = _Facts(claim.charge, claim.paid, None, tuple(r.code for r in claim.remarks))
    return _weigh(facts, setting, piles, rules)


def line_codes(line: ServicePayment) -> tuple[str, ...]:
    """Return the codes a line goes by: as billed and, where the payer changed it, as adjudicated."""
    return tuple(dict.fromkeys(code for code in (billed_code(line), line.hcpcs) if code))


def _by_status(claim: ClaimPayment) -> Verdict | None:
    if is_reversal(claim):
        return Verdict("reversal", "it takes an earlier answer back")
    if claim.status == _PREDETERMINATION:
        return Verdict("predetermination", "it is a predetermination: no money is meant")
    if claim.status == _FORWARDED_NOT_OURS:
        return Verdict("forwarded", "the payer says it is not its claim and sent it on")
    if claim.status in _UNDECIDED:
        return Verdict("pended", f"claim status {claim.status}: not decided yet")
    return None


def _weigh(facts: _Facts, setting: Setting, piles: Piles, rules: AdjustmentRules) -> Verdict:
    patient = total(a.amount for a in piles.get("patient", ()))
    nothing_allowed = facts.paid <= 0 and patient <= 0
    refused = (*piles.get("denial", ()), *piles.get("unknown", ()))
    if refused:
        return _refusal(refused, "denied" if nothing_allowed else "partly_denied", facts, _doubts(piles, facts, rules))
    if nothing_allowed and (cut := piles.get("reduction", ())):
        doubt = (
            "reduction-whole-charge",
            f"{_named(cut)} is a reduction, yet nothing of the charge was allowed.",
        )
        return _refusal(cut, "denied", facts, (doubt,))
    contested = tuple(a for a in piles.get("reduction", ()) if rules.contestable(a.carc))
    if contested:
        return _refusal(contested, "partly_denied", facts, ())
    if disputed := piles.get("dispute", ()):
        return _dispute(disputed, setting)
    fee = piles.get("fee", ())
    taken = total(a.amount for a in fee)
    if nothing_allowed and fee and taken >= facts.charge:
        why = f"{_named(fee)} takes the whole charge, which a fee schedule never does: suspected"
        return Verdict("denied", why, "zero_allowed", fee, taken, facts.units)
    return _no_denial(piles, facts.paid, patient)


def _dispute(disputed: tuple[Adjustment, ...], setting: Setting) -> Verdict:
    doubts: tuple[tuple[str, str], ...] = ()
    if setting.payer is None or setting.payer.contracted is None:
        doubts = (("contract-unknown", "Whether a contract with this payer grants the discount is not on file."),)
    why = f"{_named(disputed)} takes a discount that no contract on file grants"
    return Verdict("denied", why, "payment_dispute", disputed, total(a.amount for a in disputed), doubts=doubts)


def _refusal(
    refused: tuple[Adjustment, ...], kind: DenialKind, facts: _Facts, doubts: tuple[tuple[str, str], ...]
) -> Verdict:
    counted = total(a.quantity for a in refused if a.quantity is not None and a.quantity > 0)
    units: Decimal | None = facts.units if kind == "denied" else None
    if counted > 0:
        # Two reasons may each name the same units; a line has no more units denied than it has.
        units = min(counted, facts.units) if facts.units is not None else counted
    what = "nothing is allowed and" if kind == "denied" else "part is allowed, but"
    why = f"{what} {_named(refused)} refuses {total(a.amount for a in refused):,.2f}"
    return Verdict("denied", why, kind, refused, total(a.amount for a in refused), units, doubts)


def _doubts(piles: Piles, facts: _Facts, rules: AdjustmentRules) -> tuple[tuple[str, str], ...]:
    doubts = []
    if unknown := piles.get("unknown", ()):
        doubts.append(("unknown-carc", f"{_named(unknown)} is not in the code table: what it means must be looked up."))
    mute = tuple(a for a in piles.get("denial", ()) if rules.needs_remark(a.carc))
    if mute and not any(rules.explains(code) for code in facts.remarks):
        says = f"{_named(mute)} must come with a remark that explains it, and none is there: ask the payer."
        doubts.append(("remark-missing", says))
    return tuple(doubts)


def _no_denial(piles: Piles, paid: Decimal, patient: Decimal) -> Verdict:
    if paid > 0:
        return Verdict("paid", f"paid {paid:,.2f}; what was not paid is contractual, patient share or informational")
    if patient > 0:
        return Verdict("patient-share", f"allowed; {patient:,.2f} is the patient's share")
    reasons: tuple[tuple[Pile, Standing, str], ...] = (
        ("pend", "pended", "not decided yet"),
        ("bundled", "bundled", "paid within another service of the day, as billing rules expect"),
        ("capitated", "capitated", "zero is what a capitated payee gets"),
        ("cob", "informational", "it states what another payer did"),
        ("info", "informational", "it informs or is set by law or program"),
        ("priced", "informational", "a published pricing reduction"),
        ("contractual", "informational", "contractual"),
        ("fee", "informational", "a fee schedule reduction beside other reasons"),
    )
    for pile, standing, why in reasons:
        if found := piles.get(pile, ()):
            return Verdict(standing, f"{_named(found)}: {why}")
    return Verdict("unexplained", "nothing paid and no adjustment says why")


def _balance(verdict: Verdict, line: ServicePayment, claim: ClaimPayment) -> Verdict:
    """Add a doubt to a denial whose line does not add up: its amounts cannot be trusted."""
    rest = line.charge - line.paid - total(a.amount for a in line.adjustments)
    if verdict.kind is None or rest == 0 or claim.adjustments:
        return verdict
    says = f"Charge {line.charge:,.2f} less paid and adjustments leaves {rest:,.2f}: the line is out of balance."
    return replace(verdict, doubts=(*verdict.doubts, ("line-out-of-balance", says)))


def _named(adjustments: tuple[Adjustment, ...]) -> str:
    return " and ".join(dict.fromkeys(f"{a.group}-{a.carc}" for a in adjustments))
