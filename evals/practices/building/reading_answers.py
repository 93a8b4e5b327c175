"""Reads what a payer said of a line, and what is true of it, from a specification entry."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evals.practices.building.story import Adj, Answer, Label, SpecError

PAID_AS_EXPECTED = "paid; the rest is contractual reduction and patient share"
SHARES = {"deductible": "PR-1", "coins": "PR-2", "copay": "PR-3"}
LABEL_KEYS = frozenset("cause remedy then route reasons binding binding_payer auth status stake kind also why".split())


def fields(row: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse a key that nobody reads.

    Raises:
        SpecError: Naming the entry and the keys.
    """
    strange = sorted(set(row) - known)
    if strange:
        raise SpecError(f"{where}: unknown keys {strange}")


def moneys(text: str) -> tuple[Adj, ...]:
    """Read "CO-45=12.00 CO-198=300.00/40": code, dollars, units. Without dollars it takes what is left."""
    return tuple(_adj(word) for word in text.split() if "-" in word)


def answer(row: Mapping[str, Any], where: str) -> Answer:
    """Read one answer: `paid` {allowed, coins, deductible, copay}, `denied`, `other`, `label`, `decoy`.

    `denied` is adjustments and then remarks: "CO-198 N54". Lines that are paid need no decoy text.
    """
    paid = row.get("paid")
    denied = row.get("denied", "")
    remarks = [word for word in denied.split() if "-" not in word] + row.get("remarks", "").split()
    truth = label(row.get("label"), where)
    shares: tuple[Adj, ...] = ()
    if paid is not None:
        fields(paid, frozenset({"allowed", *SHARES}), where)
        shares = tuple(Adj(code, Decimal(paid[name])) for name, code in SHARES.items() if name in paid)
    return Answer(
        allowed=None if paid is None else Decimal(paid["allowed"]),
        patient=shares,
        denied=moneys(denied),
        other=moneys(row.get("other", "")),
        remarks=tuple(remarks),
        units_paid=Decimal(row["units_paid"]) if "units_paid" in row else None,
        sequester=paid is not None,
        label=truth,
        decoy=row.get("decoy", PAID_AS_EXPECTED if paid is not None and truth is None else ""),
    )


def label(row: Mapping[str, Any] | None, where: str) -> Label | None:
    """Read a label; `remedy` is "authorization_fix, then reconsideration" where a second one follows."""
    if row is None:
        return None
    fields(row, LABEL_KEYS, where)
    remedy, _, then = row["remedy"].partition(", then ")
    return Label(
        cause=row["cause"],
        remedy=remedy,
        why=row["why"],
        then=then or None,
        route=row.get("route", "straight_through"),
        reasons=tuple(row.get("reasons", ())),
        binding=row.get("binding"),
        binding_payer=row.get("binding_payer"),
        auth=row.get("auth"),
        status=row.get("status", "new"),
        stake=Decimal(row["stake"]) if "stake" in row else None,
        kind=row.get("kind", ""),
        also={name: tuple(_or_none(v) for v in _list(values)) for name, values in row.get("also", {}).items()},
    )


def _adj(word: str) -> Adj:
    code, _, rest = word.partition("=")
    amount, _, quantity = rest.partition("/")
    return Adj(code, Decimal(amount) if amount else None, Decimal(quantity) if quantity else None)


def _list(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def _or_none(text: str) -> str | None:
    return None if text == "none" else text
