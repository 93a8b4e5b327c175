"""A denial as the payer stated it, before anyone asks why."""

from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.types.practice import Frozen


class DenialAdjustment(Frozen):
    """One adjustment that makes the line a denial, as received (retired codes are kept, never rewritten)."""

    group: str
    carc: str
    amount: Decimal
    quantity: Decimal | None = None


class RemitReference(Frozen):
    """Which remit said it. `payer_id` is the practice's own id when the payer is known, else the remit's."""

    file: str
    payer_id: str | None
    payer_name: str | None
    trace_number: str | None
    paid_on: date | None
    claim_id: str
    payer_claim_number: str | None
    claim_status: str


class DeniedLine(Frozen):
    """The service line as adjudicated. `position` counts the lines of its claim from 1."""

    hcpcs: str | None
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    service_date: date | None = None
    charge: Decimal
    paid: Decimal
    line_control: str | None = None
    position: int = 1
    segment: int = 0


DenialKind = Literal[
    "denied",  # nothing paid, non-contractual adjustments carry the charge
    "partly_denied",  # paid, but part of the units or charge is denied
    "zero_allowed",  # CO-45 alone takes the whole charge: suspected
    "underpaid",  # paid below the contracted rate
    "payment_dispute",  # PI-45 or PI-131 from a payer with no contract
    "recouped",  # paid before, taken back by a reversal with no paying correction, or by PLB
]

Outcome = Literal["open", "won", "partly_won", "lost"]


class Adjudication(Frozen):
    """One answer of the payer about this line, in order of its date: the line's history."""

    file: str
    paid_on: date | None
    claim_status: str
    payer_claim_number: str | None
    paid: Decimal
    says: str


class Denial(Frozen):
    """One denied service line, or one claim where the denial stands at claim level only (`line` None).

    `amount_at_stake` is the denied adjustments' sum in dollars. `denied_units` are CAS quantities, else the line's
    units when all of it is denied, else None. `remarks` are line and claim level, in order, alerts included.
    `why` names the rule by which it counts as a denial. `doubts` are reasons a person must look (codes).
    """

    denial_id: str
    kind: DenialKind
    remit: RemitReference
    line: DeniedLine | None
    adjustments: tuple[DenialAdjustment, ...]
    remarks: tuple[str, ...] = ()
    amount_at_stake: Decimal
    denied_units: Decimal | None = None
    rate_amount: Decimal | None = None
    outcome: Outcome = "open"
    outcome_file: str | None = None
    history: tuple[Adjudication, ...] = ()
    why: str
    doubts: tuple[tuple[str, str], ...] = ()
