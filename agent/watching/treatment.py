"""Who is under treatment with what: each chart's orders and doses by drug, whatever product of it was ordered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.codes import HcpcsTable
from knowledge.types.chart import Chart, DoseGiven, Order
from tools.linking.families import drug_family

_NEVER_MEANT = ("cancelled", "entered-in-error", "draft")
_ONLY_PLANNED = ("proposal", "plan", "option")
_STANDING = ("active", "")
_GIVEN = ("completed", "")
_NOT = re.compile(r",\s*not\s.*$")
"""What the code table adds to a reference product's name: "trastuzumab, not biosimilar"."""
_SUFFIX = re.compile(r"-[a-z]{4}\b")

UNORDERED = 84
"""Days for which a drug that was given without a charted order counts as under treatment."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One drug for one patient. Orders and completed doses up to the day asked, each oldest first.

    `order` is the one in force; None when `ended` says why there is none, or `rivals` that it is not known: two of
    a day differ, or none is charted.
    """

    chart: Chart
    drug: str
    orders: tuple[Order, ...]
    doses: tuple[DoseGiven, ...]
    order: Order | None
    ended: str = ""
    rivals: str = ""

    @property
    def last(self) -> DoseGiven | None:
        """Return the last dose given; None when none is charted."""
        return self.doses[-1] if self.doses else None

    @property
    def code(self) -> str:
        """Return the code that the next dose will be billed with: the order's, else that of the last dose."""
        named = (self.order.hcpcs if self.order else "") or (self.last.hcpcs if self.last else "")
        return named.upper()


def treatments(chart: Chart, table: HcpcsTable, as_of: date, billed: Sequence[DoseGiven] = ()) -> tuple[Treatment, ...]:
    """Return every drug that was ever ordered in a chart, or given lately without an order, by name.

    Records after `as_of` do not count.

    `billed` are doses that claims tell of: where the chart has none of that day, they count as given.
    """
    orders: dict[str, list[Order]] = {}
    doses: dict[str, list[DoseGiven]] = {}
    for order in chart.orders:
        if order.ordered_on is not None and order.ordered_on <= as_of and _is_order(order):
            orders.setdefault(drug_key(order.hcpcs, order.drug, as_of, table), []).append(order)
    for dose in chart.doses:
        if dose.day is not None and dose.day <= as_of and dose.status in _GIVEN:
            doses.setdefault(drug_key(dose.hcpcs, dose.drug, as_of, table), []).append(dose)
    for dose in billed:
        key = drug_key(dose.hcpcs, dose.drug, as_of, table)
        if dose.day is not None and dose.day <= as_of and all(dose.day != held.day for held in doses.get(key, ())):
            doses.setdefault(key, []).append(dose)
    found = [_treatment(chart, drug, held, doses.get(drug, []), as_of) for drug, held in orders.items() if drug]
    for drug, given in doses.items():
        charted = [dose for dose in given if dose.day is not None and dose not in billed]
        newest = max((dose.day for dose in charted if dose.day is not None), default=None)
        if drug not in orders and newest is not None and (as_of - newest).days <= UNORDERED:
            listed = tuple(sorted(given, key=lambda dose: (dose.day or as_of, dose.resource)))
            found.append(Treatment(chart, drug, (), listed, None, rivals="no order of it is charted"))
    return tuple(sorted(found, key=lambda treatment: treatment.drug))


def drug_key(hcpcs: str, name: str, on: date, table: HcpcsTable) -> str:
    """Name the drug of a code, products of it alike; by its charted name where the table does not hold the code."""
    family = drug_family(hcpcs, on, table) if hcpcs else None
    if family is not None:
        return _NOT.sub("", family)
    plain = _SUFFIX.sub("", name.split("(")[0].split(",")[0].casefold()).strip()
    return plain or hcpcs.upper()


def _is_order(order: Order) -> bool:
    return order.status not in _NEVER_MEANT and order.intent not in _ONLY_PLANNED


def _treatment(chart: Chart, drug: str, orders: Sequence[Order], doses: Sequence[DoseGiven], as_of: date) -> Treatment:
    listed = tuple(sorted(orders, key=lambda order: (order.ordered_on or as_of, order.resource)))
    given = tuple(sorted(doses, key=lambda dose: (dose.day or as_of, dose.resource)))
    order, ended, rivals = _in_force(listed)
    return Treatment(chart, drug, listed, given, order, ended, rivals)


def _in_force(orders: Sequence[Order]) -> tuple[Order | None, str, str]:
    """Return the newest order when it stands; when it does not, the treatment has ended by it.

    An older order left active behind a newer one that was stopped is a record nobody tidied, not a treatment.
    """
    newest = [held for held in orders if held.ordered_on == orders[-1].ordered_on]
    standing = [held for held in newest if held.status in _STANDING]
    if not standing:
        last = newest[-1]
        return None, f"the newest order, of {last.ordered_on}, is {last.status}", ""
    if len({(held.hcpcs, held.dose, held.interval_days, held.text) for held in standing}) > 1:
        names = " and ".join(held.resource for held in standing)
        return None, "", f"{names} of {standing[-1].ordered_on} differ: which one counts a person must say"
    return standing[-1], "", ""
