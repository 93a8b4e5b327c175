"""What became of a denial: the entries of its timeline, what was sent and decided, and how it ended, in cash."""

from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.types.practice import Frozen

Ending = Literal["won", "partly_won", "lost"]
LifeKind = Literal[
    "denied",
    "worked",
    "decided",
    "approved",
    "sent",
    "receipt",
    "payer_status",
    "upheld",
    "paid",
    "taken_back",
    "recouped",
    "level_opened",
    "note",
]
Result = Literal["upheld", "partly_overturned", "overturned", "dismissed"]
"""How a payer decided on what was sent: the denial stands, falls in part, falls, or was not looked into."""


class LifeEntry(Frozen):
    """One thing that happened to a denied line, for its readable timeline.

    `amount` is dollars where money moved (negative when taken back); `source` says where it stands (file and segment,
    the approval, the send, the person); `key` is unique within the denial.
    """

    key: str
    at: date
    kind: LifeKind
    says: str
    source: str
    amount: Decimal | None = None


class Settled(Frozen):
    """A denial whose fight is over. Dollars: `recovered` is cash that later remits brought, never what a letter asked.

    `remedy` is what was done about it; `payer_key` is the payer's id of payers.yaml, or its name where it has none.
    `fought` tells that something was sent from here, or a decision of the payer entered: without it a payer paid of
    itself, or what moved it was done elsewhere; such denials are known when they were won only, never when lost.
    """

    denial_id: str
    payer_key: str
    payer_name: str
    root_cause: str
    remedy: str
    at_stake: Decimal
    recovered: Decimal
    ending: Ending
    ended_on: date
    fought: bool = False


class PayerDecision(Frozen):
    """What a payer decided on something sent. `says` is its stated reason, verbatim; `codes` CARC and RARC it named.

    `source` is the file and segment, or who entered it; `entered_by` is blank where a file says it. `letter_sha256` is
    the decision letter as kept, `letter_name` its file name.
    """

    key: str
    result: Result
    on: date
    says: str = ""
    codes: tuple[str, ...] = ()
    reference: str = ""
    source: str
    entered_by: str = ""
    letter_sha256: str | None = None
    letter_name: str = ""


class Round(Frozen):
    """One thing sent to the payer, or argued elsewhere, and the payer's decision; None while it is out.

    `level_index` counts the payer's appeal levels from 0; None = it was no appeal (a corrected claim, records).
    `sent_on` None = nothing here shows what was sent. `letter_sha256` is the letter as it went, kept. `answer_due` is
    the day by which the payer must decide, None where payers.yaml does not say. `conflict` are decisions that
    contradict each other: then `decision` is None and a person must withdraw one.
    """

    number: int
    remedy: str
    level: str = ""
    level_index: int | None = None
    sent_on: date | None = None
    channel: str = ""
    approval_sha256: str | None = None
    letter_sha256: str | None = None
    letter_kind: str = ""
    answer_due: date | None = None
    decision: PayerDecision | None = None
    conflict: tuple[str, ...] = ()


class OtherPayment(Frozen):
    """What another plan's payment on a denied line comes to: all it owes, a part, or not known; `says` the amounts."""

    standing: Literal["full", "part", "unknown"]
    says: str


class Account(Frozen):
    """A denial's cash as remits and provider adjustments tell it, and the part of its timeline they make.

    `recovered` is what came after the denial was first stated, take-backs netted, in dollars; `recouped` the part of
    it taken at the foot of remits. `settled_on` is the day of the last payment or take-back. `doubts` are codes and
    sentences a person must look at. `rounds` are what was sent and decided, as of the run that made the account.
    `other_payer_file` is the remit by which another plan, billed in this payer's place, paid last; `other_payment` what
    that payment comes to.
    """

    denial_id: str
    recovered: Decimal = Decimal("0.00")
    recouped: Decimal = Decimal("0.00")
    settled_on: date | None = None
    entries: tuple[LifeEntry, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    rounds: tuple[Round, ...] = ()
    other_payer_file: str | None = None
    other_payment: OtherPayment | None = None
