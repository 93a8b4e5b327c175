"""What became of a denial: the entries of its timeline, and how it ended, counted in cash."""

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
