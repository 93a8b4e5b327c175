"""Each adjustment of a line put on its pile: denial, contractual, patient share, pend, and the rest."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from knowledge.types.practice import Payer
from knowledge.types.remit import Adjustment
from tools.denials.identity import total
from tools.denials.rules import DISCOUNTS, AdjustmentRules

# reduction: cuts the price of a service; priced: such a cut that the tables excuse; fee: CARC 45.
Pile = Literal[
    "denial",
    "unknown",
    "dispute",
    "reduction",
    "priced",
    "fee",
    "patient",
    "contractual",
    "cob",
    "info",
    "pend",
    "bundled",
    "capitated",
]

# CLP06 of a plan that pays fee for service: its "capitated" means that another plan has the patient.
_FEE_FOR_SERVICE_FILING = frozenset({"MA", "MB"})
_FEE_FOR_SERVICE_BUSINESS = frozenset({"medicare_ffs", "medicaid"})


class Setting(Struct, frozen=True):
    """What surrounds the adjustments of one line.

    `codes` are the line's codes as billed and as adjudicated (of the whole claim at claim level);
    `same_day` every code of that patient's day with that payer; `rate` the contracted dollars per unit,
    None when there is none.
    """

    payer: Payer | None
    filing: str = ""
    codes: tuple[str, ...] = ()
    same_day: frozenset[str] = frozenset()
    rate: Decimal | None = None


def sort_adjustments(
    adjustments: Iterable[Adjustment], setting: Setting, rules: AdjustmentRules
) -> dict[Pile, tuple[Adjustment, ...]]:
    """Put every adjustment that takes money on its pile.

    Slots of one group and reason are netted first: a pair that adds to nothing, or to less, takes nothing
    and is left out (CARC 94 and incentives are negative by nature, domain 1.1 rule 7).
    """
    pairs: dict[tuple[str, str], list[Adjustment]] = {}
    for slot in adjustments:
        pairs.setdefault((slot.group.strip().upper(), slot.carc.strip().upper()), []).append(slot)
    piles: dict[Pile, tuple[Adjustment, ...]] = {}
    for (group, carc), slots in pairs.items():
        if total(s.amount for s in slots) > 0:
            pile = _pile(group, carc, setting, rules)
            piles[pile] = (*piles.get(pile, ()), *slots)
    return piles


def _pile(group: str, carc: str, setting: Setting, rules: AdjustmentRules) -> Pile:
    if group == "PI" and carc in DISCOUNTS and not has_contract(setting):
        return "dispute"
    if rules.is_fee_schedule(carc):
        return "fee"
    nature = rules.nature(carc)
    if nature is None:
        return "unknown"
    if nature == "pend" and rules.category(carc) == "eligibility":
        return "denial"  # a premium grace period: nothing is paid until the patient pays, so it is followed
    if group != "PR" and rules.category(carc) == "bundling" and is_expected_bundle(setting, rules):
        return "bundled"
    excuse = rules.excuse(group, carc)
    if excuse is None or excuse.only_if == "expected_bundle":
        return nature
    if excuse.only_if == "payee_capitated":
        return "capitated" if _may_be_capitated(setting) else nature
    if nature == "reduction":
        return "priced"
    return "info" if nature == "denial" else nature


def is_expected_bundle(setting: Setting, rules: AdjustmentRules) -> bool:
    """Tell whether billing rules expect the line's codes to be paid within other services of that day."""
    if not setting.codes:
        return False
    return all(_bundles(code, setting.same_day, rules) for code in setting.codes)


def _bundles(code: str, same_day: Collection[str], rules: AdjustmentRules) -> bool:
    return rules.is_bundled(code) and any(not rules.is_bundled(other) for other in same_day)


def has_contract(setting: Setting) -> bool:
    """Tell whether a contract binds us: the payer's row says so, or says nothing and a rate is on file."""
    contracted = setting.payer.contracted if setting.payer else None
    return setting.rate is not None if contracted is None else contracted


def _may_be_capitated(setting: Setting) -> bool:
    """Tell whether zero may be what this payee gets under capitation (domain 1.2, CO-24).

    Not from Medicare or Medicaid fee for service (there it means another plan has the patient), not from a
    payer without a contract, and not for a code with a contracted rate per unit.
    """
    payer = setting.payer
    if payer is None:
        return setting.filing not in _FEE_FOR_SERVICE_FILING and setting.rate is None
    if payer.line_of_business in _FEE_FOR_SERVICE_BUSINESS or payer.contracted is False:
        return False
    return setting.rate is None
