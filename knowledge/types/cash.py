"""A practice's cash over all remits: what was paid, what of it was recovered, and what could not be placed."""

from datetime import date
from decimal import Decimal

from knowledge.types.practice import Frozen


class CashFinding(Frozen):
    """What no denial is about and a person must see: `code`, what it is, where it stands, and what to do.

    Money or a remit that could not be placed; a service paid twice; a payer's request for records of a claim that is
    not denied, `at` being then the day by which it is to be answered.
    """

    code: str
    says: str
    source: str
    amount: Decimal | None = None
    at: date | None = None


class Reconciliation(Frozen):
    """All cash of a practice, in dollars: `cash` = `recovered` + `otherwise` + `provider_level` + `unexplained`.

    `cash` adds up BPR02 of the remits that count. `recovered` came after denials, `otherwise` on claims all the same.
    `provider_level` is what the foot of remits moved and no claim is named for (interest, levies, balances forwarded).
    `unexplained` is what a remit's own parts do not add up to. `disputed` is BPR02 of remits that contradict another,
    `elsewhere` of those made out to another payee: neither is in `cash`.
    """

    cash: Decimal = Decimal("0.00")
    recovered: Decimal = Decimal("0.00")
    otherwise: Decimal = Decimal("0.00")
    provider_level: Decimal = Decimal("0.00")
    unexplained: Decimal = Decimal("0.00")
    disputed: Decimal = Decimal("0.00")
    elsewhere: Decimal = Decimal("0.00")
    findings: tuple[CashFinding, ...] = ()
