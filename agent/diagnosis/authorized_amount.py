"""What the linked authorization allows for the drug in question, and what earlier doses took of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.diagnosis.inquiry import Inquiry
from knowledge.types.practice import Authorization
from tools.dosing.authorized import Allowed, UsedBefore, allowed, left_over, used_before

_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class AuthorizedAmount:
    """Allowed and used, in billing units; `billed` is what was given: an approval is of doses, not of what is left."""

    allowed: Allowed
    used: UsedBefore
    left: Decimal | None
    billed: Decimal | None


def mg_per_unit(q: Inquiry) -> Decimal | None:
    """Return the milligrams of one billing unit of the code on the day of service; None when it is no mass."""
    served = q.service_date
    drug = q.codes.hcpcs.lookup(q.hcpcs, served) if served is not None and q.hcpcs else None
    if drug is None or drug.unit_qty is None or drug.unit_uom not in _MG:
        return None
    return drug.unit_qty * _MG[drug.unit_uom]


def vial_milligrams(q: Inquiry) -> tuple[Decimal, ...]:
    """Return the package sizes of the code in mg, smallest first; empty when none is known."""
    return tuple(
        vial.amount * _MG[vial.unit]
        for vial in q.codes.hcpcs.vials(q.hcpcs)
        if vial.amount is not None and vial.unit in _MG
    )


def billed_that_day(q: Inquiry) -> Decimal | None:
    """Sum the units of the code on the claim that day, discarded drug (JW) included; None when one is silent."""
    lines = q.lines_of_code()
    if not lines:
        return q.billed_units
    if any(line.units is None for line in lines):
        return None
    return sum((line.units for line in lines if line.units is not None), Decimal(0))


def billed_as_given(q: Inquiry) -> Decimal | None:
    """Sum the units billed as given that day: lines without JW; the discarded part when only that is billed."""
    lines = q.lines_of_code()
    given = [line for line in lines if "JW" not in line.modifiers] or list(lines)
    if not given:
        return q.billed_units
    if any(line.units is None for line in given):
        return None
    return sum((line.units for line in given if line.units is not None), Decimal(0))


def authorized_amount(q: Inquiry, row: Authorization) -> AuthorizedAmount:
    """Compute what `row` allows for this drug, and what earlier paid doses inside its dates used up."""
    granted = allowed(row, mg_per_unit(q), vial_milligrams(q))
    served = q.service_date or date.max
    earlier = [
        (line.service_date, line.units)
        for line in q.case.history
        if line.hcpcs == q.hcpcs
        and line.covered
        and line.service_date is not None
        and line.units is not None
        and "JW" not in line.modifiers
        and line.service_date < served
    ]
    used = used_before(earlier, row.start_date, row.end_date, served)
    return AuthorizedAmount(allowed=granted, used=used, left=left_over(granted.total, used), billed=billed_as_given(q))
