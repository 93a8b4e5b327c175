"""Count recovered dollars from cash: remit payments netted over all remits, less take-backs and recoupments.

Never from letters, approvals or what a payer says it will pay. Every dollar is placed once: recovered for one denial,
paid otherwise, moved at provider level, or not explained by the remit itself; they add up to what was transferred.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from agent.following.other_amount import OtherAmounts
from agent.following.other_payers import Billed, Placed, paid_by_others
from agent.following.ours import strangers
from agent.following.recoupments import LineId, Slot, shares, slots
from agent.following.story import other_payer_entry, remit_entries, slot_entry
from knowledge.payers import PayerDirectory
from knowledge.types.cash import CashFinding, Reconciliation
from knowledge.types.denial import Denial
from knowledge.types.outcomes import Account, LifeEntry
from knowledge.types.remit import RemitHeader
from tools.denials.answers import Answer
from tools.denials.delivery import Delivery
from tools.denials.finding import Found, Trail
from tools.denials.identity import in_cents

NOTHING = Decimal("0.00")


class _Posting(Struct, frozen=True, eq=False):
    day: date
    amount: Decimal


class Cash(Struct, frozen=True, eq=False):
    """Every denial's account by id, and the practice's cash as a whole."""

    accounts: dict[str, Account]
    whole: Reconciliation


def transferred(header: RemitHeader) -> Decimal:
    """Return what a remit moved to the practice, in dollars: BPR02, negative when BPR03 calls it a debit."""
    return -header.paid if header.credit_debit == "D" else header.paid


def count_cash(
    found: Found,
    directory: PayerDirectory,
    elsewhere: tuple[Delivery, ...] = (),
    billed: Mapping[str, Billed] | None = None,
    amounts: OtherAmounts | None = None,
) -> Cash:
    """Place every dollar of the remits that count; `elsewhere` are remits made out to another payee.

    `billed` are denials that another plan was billed for: what it pays on them is recovered for them, and judged by
    `amounts` to be all it owes, or not; without it that is not known.
    """
    return _Counting(found, directory, amounts).run(elsewhere, billed or {})


class _Counting:
    def __init__(self, found: Found, directory: PayerDirectory, amounts: OtherAmounts | None) -> None:
        self._found, self._amounts = found, amounts
        self._slots = slots(found, directory)
        self._denials = {denial.denial_id: denial for denial in found.examination.denials}
        self._owner: dict[LineId, str] = {}
        self._postings: dict[str, list[_Posting]] = defaultdict(list)
        self._lines: dict[LineId, list[Trail]] = defaultdict(list)
        self._entries: dict[str, list[LifeEntry]] = defaultdict(list)
        self._doubts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._recouped: dict[str, Decimal] = defaultdict(Decimal)
        self._others: dict[str, Placed] = {}
        self._findings: list[CashFinding] = []

    def run(self, elsewhere: tuple[Delivery, ...], billed: Mapping[str, Billed]) -> Cash:
        # A line's own denial comes before the refusal of its duplicate, lines before the claim as a whole.
        for trail in sorted(self._found.trails, key=lambda t: (t.whole, t.duplicate, t.denial_id)):
            self._claim_lines(trail)
        trails = {trail.denial_id: trail for trail in self._found.trails}
        for placed in paid_by_others(self._found, billed):
            self._paid_by_other(placed, trails)
        for slot in self._slots:
            self._take(slot)
        accounts = {trail.denial_id: self._account(trail) for trail in self._found.trails}
        return Cash(accounts, self._whole(accounts, elsewhere))

    def _claim_lines(self, trail: Trail) -> None:
        """Give a denial what was paid on its line after it was stated."""
        stated, strange = statement(trail), strangers(trail)
        for judged in trail.judged:
            answer = judged.answer
            if id(answer) in strange:
                says = (
                    f"{answer.header.file} answers claim {answer.claim.claim_id} for another patient: "
                    "ask the payer whose claim it paid; its money is not counted here"
                )
                self._doubts[trail.denial_id].append(("other-patient", says))
                continue
            positions = range(len(answer.claim.lines) + 1) if judged.line is None else (judged.position,)
            for position in positions:
                place = (id(answer.claim), position)
                self._lines[place].append(trail)
                if stated is not None and _counts(answer, stated) and place not in self._owner:
                    self._owner[place] = trail.denial_id
                    self._post(trail.denial_id, answer.day, paid_at(answer, position))

    def _paid_by_other(self, placed: Placed, trails: Mapping[str, Trail]) -> None:
        """Give a denial what the plan billed after its own payer paid on the line; what is not clear is a finding."""
        answer, place = placed.answer, (id(placed.answer.claim), placed.position)
        line = answer.claim.lines[placed.position - 1]
        if place in self._owner:
            return  # it settles a denial of that plan's own
        source = f"{answer.header.file}, segment {line.place.segment}"
        if len(placed.denial_ids) != 1:
            says = (
                f"{answer.payer.name} paid {line.paid:,.2f} on claim {answer.claim.claim_id}, which a denial may have "
                f"been billed to it for, but {placed.why_not}: a person must say whether it is"
            )
            found = CashFinding(code="other-payer-unplaced", says=says, source=source, amount=line.paid, at=answer.day)
            self._findings.append(found)
            return
        (name,) = placed.denial_ids
        self._owner[place] = name
        self._lines[place].append(trails[name])
        self._others[name] = placed
        self._post(name, answer.day, line.paid)
        self._entries[name].append(other_payer_entry(answer, placed.position))

    def _post(self, denial_id: str, day: date, amount: Decimal) -> None:
        if amount:
            self._postings[denial_id].append(_Posting(day, amount))

    def _take(self, slot: Slot) -> None:
        """Take what the foot of a remit moved from the denial it is about; what is not clear is a finding."""
        if slot.standing in ("none", "several"):
            self._unmatched(slot)
            return
        if slot.thread is None:
            return
        answers = self._found.threads[slot.thread]
        split = shares(slot.amount, answers, slot.reference)
        trails = [trail for trail in self._found.trails if trail.answers and trail.answers[0] is answers[0]]
        if split is None:
            says = (
                f"PLB {slot.reason.reason} {slot.reference}: {_moved(slot.amount)} on a claim of several lines; which "
                "line is not said. Ask the payer"
            )
            self._finding("plb-line-unknown", says, slot)
            for trail in trails:
                self._doubts[trail.denial_id].append(("plb-line-unknown", says))
                self._entries[trail.denial_id].append(slot_entry(slot, NOTHING, "for the claim, line unknown"))
            return
        for ids, part in split.items():
            own = sorted(
                {t.denial_id: t for place in ids for t in self._lines.get(place, ())}.values(),
                key=lambda t: (t.whole, t.duplicate, t.denial_id),
            )
            if own:
                self._recoup(own[0], slot, part)

    def _recoup(self, trail: Trail, slot: Slot, part: Decimal) -> None:
        stated = statement(trail)
        self._entries[trail.denial_id].append(slot_entry(slot, part))
        if stated is None or slot.day < stated.day:
            return
        held = sum((p.amount for p in self._postings[trail.denial_id] if p.day <= slot.day), NOTHING)
        # What was paid before or with the denial was never recovered: to take that back recovers no less.
        taken = min(part, max(held, NOTHING)) if part > 0 else part
        self._post(trail.denial_id, slot.day, -taken)
        self._recouped[trail.denial_id] += taken

    def _unmatched(self, slot: Slot) -> None:
        what = f"PLB {slot.reason.reason} ({slot.reason.meaning}) {slot.reference or 'without reference'}"
        if slot.standing == "several":
            says = f"{what}: {_moved(slot.amount)}, and its reference fits several claims. Ask the payer which is meant"
            self._finding("plb-ambiguous", says, slot)
        else:
            then = "It is settled with another payment" if slot.reason.reason == "FB" else "Ask which claim it is about"
            says = f"{what}: {_moved(slot.amount)}, and no claim in the remits has such a number. {then}"
            self._finding("plb-unmatched", says, slot)

    def _finding(self, code: str, says: str, slot: Slot) -> None:
        self._findings.append(CashFinding(code=code, says=says, source=slot.source, amount=-slot.amount, at=slot.day))

    def _account(self, trail: Trail) -> Account:
        name = trail.denial_id
        other = self._others.get(name)
        postings = self._postings[name]
        denial: Denial = self._denials[name]
        entries = (*remit_entries(trail, denial), *self._entries[name])
        return Account(
            denial_id=name,
            recovered=in_cents(sum((p.amount for p in postings), NOTHING)),
            recouped=in_cents(self._recouped[name]),
            settled_on=max((p.day for p in postings), default=None),
            entries=tuple(sorted(entries, key=lambda entry: entry.at)),  # of one day as they were answered
            doubts=tuple(dict.fromkeys(self._doubts[name])),
            other_payer_file=other.answer.header.file if other else None,
            other_payment=self._amounts.judge(other.answer, other.position) if other and self._amounts else None,
        )

    def _whole(self, accounts: dict[str, Account], elsewhere: tuple[Delivery, ...]) -> Reconciliation:
        counted = [one.delivery for one in self._found.received if not one.conflict]
        disputed = [one.delivery for one in self._found.received if one.conflict]
        cash = sum((transferred(one.header) for one in counted), NOTHING)
        claims = sum((claim.paid for one in counted for claim in one.claims), NOTHING)
        placed = sum((slot.amount for slot in self._slots if slot.standing == "claim"), NOTHING)
        loose = sum((slot.amount for slot in self._slots if slot.standing != "claim"), NOTHING)
        recovered = sum((account.recovered for account in accounts.values()), NOTHING)
        for one in counted:
            self._unbalanced(one)
        for one in disputed:
            says = f"Trace {one.header.trace_number} was delivered with other content too: its money is not counted"
            self._findings.append(_about(one, "remit-conflict", says))
        for one in elsewhere:
            payee = one.header.payee.last_or_org if one.header.payee else ""
            says = f"It is made out to {payee or 'another payee'}: none of its money is ours; take it out of the folder"
            self._findings.append(_about(one, "payee-other", says))
        return Reconciliation(
            cash=in_cents(cash),
            recovered=in_cents(recovered),
            otherwise=in_cents(claims - placed - recovered),
            provider_level=in_cents(-loose),
            unexplained=in_cents(cash - (claims - placed - loose)),
            disputed=in_cents(sum((transferred(one.header) for one in disputed), NOTHING)),
            elsewhere=in_cents(sum((transferred(one.header) for one in elsewhere), NOTHING)),
            findings=tuple(sorted(self._findings, key=lambda f: (f.source, f.code, f.says))),
        )

    def _unbalanced(self, one: Delivery) -> None:
        parts = sum((claim.paid for claim in one.claims), NOTHING)
        parts -= sum((slot.amount for slot in one.provider_adjustments), NOTHING)
        if parts != transferred(one.header):
            says = f"BPR02 says {transferred(one.header):,.2f}, claims and PLB come to {parts:,.2f}: ask the payer"
            self._findings.append(_about(one, "remit-unbalanced", says))


def statement(trail: Trail) -> Answer | None:
    """Return the answer from which a denial is counted: what took a payment back, else the first that denied it.

    One that was reversed and corrected within its own remit never stood.
    """
    if trail.base is not None:
        return trail.base
    for judged in trail.judged:
        answer = judged.answer
        if judged.verdict.kind is None or judged.duplicate != trail.duplicate:
            continue
        corrected = judged.cancelled and any(
            j.answer.mark == answer.mark and j.order > judged.order and j.verdict.standing != "reversal"
            for j in trail.judged
        )
        if not corrected:
            return answer
    return None


def _counts(answer: Answer, stated: Answer) -> bool:
    """Tell whether an answer came after the denial; one that takes back what was paid before it does not count."""
    if answer is stated or answer.conflict or answer.order <= stated.order:
        return False
    return answer.cancels is None or answer.cancels is stated or answer.cancels.order > stated.order


def paid_at(answer: Answer, position: int) -> Decimal:
    """Return what an answer pays on a line (from 1), or, at 0, on the claim beyond its lines; in dollars."""
    claim = answer.claim
    if position:
        return claim.lines[position - 1].paid
    return claim.paid - sum((line.paid for line in claim.lines), NOTHING)


def _moved(amount: Decimal) -> str:
    return f"{abs(amount):,.2f} {'taken from' if amount > 0 else 'added to'} the payment"


def _about(one: Delivery, code: str, says: str) -> CashFinding:
    header = one.header
    return CashFinding(
        code=code, says=says, source=header.file, amount=transferred(header), at=header.paid_on or header.produced_on
    )
