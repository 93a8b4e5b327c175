"""The answer to "is this a denial?" for one line, or one claim, of one adjudication."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from knowledge.types.denial import DenialKind
from knowledge.types.remit import Adjustment

Standing = Literal[
    "denied",  # a denial of some kind, see `kind`
    "paid",  # money came
    "patient-share",  # allowed, and left to the patient
    "bundled",  # included in another service, as billing rules expect
    "capitated",  # zero is what a capitated payee gets
    "pended",  # not decided yet
    "informational",  # adjusted by contract, law, or an earlier payer
    "forwarded",  # not this payer's claim, sent on
    "predetermination",  # an estimate
    "reversal",  # takes an earlier answer back
    "at-claim-level",  # the line says nothing, its claim does
    "unexplained",  # nothing paid, no reason given
    "nothing-charged",
]


class Verdict(Struct, frozen=True):
    """How one line stands. `kind` is None unless `standing` is "denied".

    `adjustments` are those that make it a denial, as received; `amount` their sum in dollars; `units` what is
    denied in billing units, None when not known. `why` is the rule in one sentence.
    """

    standing: Standing
    why: str
    kind: DenialKind | None = None
    adjustments: tuple[Adjustment, ...] = ()
    amount: Decimal = Decimal("0.00")
    units: Decimal | None = None
    doubts: tuple[tuple[str, str], ...] = ()

    @property
    def settles(self) -> bool:
        """Whether the payer allowed the line: it paid, or left it to the patient."""
        return self.standing in ("paid", "patient-share")
