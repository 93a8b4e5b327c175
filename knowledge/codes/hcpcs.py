"""Drug codes by code and date: numbers are reused, units change, and a table keeps rows that have ended."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.codes.columns import Numbers
from knowledge.codes.succession import Succession, Successor, UnitTrap
from knowledge.codes.validity import State, Validity
from knowledge.types.practice import Frozen

Unit = Literal["mg", "mcg", "g", "ml", "units", "each"]


class Vial(Frozen):
    """A package: its amount in `unit` and in billing units. `single_dose` None = check the carton."""

    code: str
    amount: Decimal | None = None
    unit: Unit | None = None
    billing_units: Decimal
    single_dose: bool | None = None


class Drug(Validity):
    """One meaning of one code.

    One billing unit is `unit_qty` of `unit_uom` ("units" = the product's own potency units); None when
    the table does not know it or the code has no fixed unit (see `unit_text`). `unit_part` says which
    component is counted. `jw_jz`: whether wastage modifiers apply by container. `intervals_days` are
    usual days between doses. `in_limit_file`: on the CMS payment limit file of July 2026 (absence proves
    nothing).
    """

    code: str
    generic: str = ""
    brand: str = ""
    unit_qty: Decimal | None = None
    unit_uom: Unit | None = None
    unit_text: str = ""
    unit_part: str = ""
    container: str = ""
    jw_jz: Literal["yes", "no", "depends_on_ndc", "check_ndc"] = "check_ndc"
    basis: str = ""
    typical_dose: str = ""
    max_per_dose: str = ""
    intervals_days: Numbers = ()
    in_limit_file: bool = False
    date_source: str = ""
    note: str = ""


class CodeState(Frozen):
    """Whether a code may be billed on a day, with the row that says so (None = not in the table)."""

    code: str
    on: date
    state: State
    drug: Drug | None = None
    says: str


# The order in which rows of a reused number are preferred as its meaning on a day.
_PREFERENCE: dict[State, int] = {"active": 0, "unknown": 1, "deleted": 2, "not_yet_effective": 3}


class HcpcsTable:
    """Drug codes with their packages and successors."""

    def __init__(
        self,
        rows: Iterable[Drug],
        vials: Iterable[Vial] = (),
        successions: Iterable[Succession] = (),
        traps: Iterable[UnitTrap] = (),
    ) -> None:
        self._rows: dict[str, list[Drug]] = {}
        for row in rows:
            self._rows.setdefault(row.code, []).append(row)
        self._vials: dict[str, list[Vial]] = {}
        for vial in vials:
            self._vials.setdefault(vial.code, []).append(vial)
        self._after: dict[str, list[Succession]] = {}
        self._before: dict[str, list[Succession]] = {}
        for step in successions:
            self._after.setdefault(step.code, []).append(step)
            self._before.setdefault(step.successor, []).append(step)
        self._traps: dict[str, list[UnitTrap]] = {}
        for trap in traps:
            self._traps.setdefault(trap.code, []).append(trap)
            self._traps.setdefault(trap.other, []).append(UnitTrap(code=trap.other, other=trap.code, why=trap.why))
        self.codes = frozenset(self._rows)
        self.unclassified = frozenset(
            row.code for rows_ in self._rows.values() for row in rows_ if row.unit_text == "per narrative"
        )

    def lookup(self, code: str, on: date) -> Drug | None:
        """Find what `code` meant on `on`; None when the table does not hold the code.

        A code that had ended or not begun still tells its drug and unit: whether it could be billed is
        `state`'s answer. Of a reused number the row in force is chosen, then one that may have been, then
        the latest to have ended, then the next to begin.
        """
        rows = self._rows.get(code.strip().upper())
        if not rows:
            return None
        return min(rows, key=lambda row: (_PREFERENCE[row.state(on)], _distance(row, on)))

    def state(self, code: str, on: date) -> CodeState:
        """Tell whether `code` could be billed for a service on `on`.

        `unknown` covers a code that is not in the table and a day on which the sources do not settle it.
        """
        drug = self.lookup(code, on)
        name = code.strip().upper()
        if drug is None:
            return CodeState(code=name, on=on, state="unknown", says=f"{name} is not in the HCPCS drug table")
        state = drug.state(on)
        says = f"{name} on {on}: {state.replace('_', ' ')} ({drug.says()})"
        return CodeState(code=name, on=on, state=state, drug=drug, says=says)

    def vials(self, code: str) -> tuple[Vial, ...]:
        """List the packages of a code, smallest first; empty when none is known."""
        return tuple(self._vials.get(code.strip().upper(), ()))

    def successors(self, code: str, on: date) -> tuple[Successor, ...]:
        """List the codes to bill on `on` in place of an ended `code`, through chains of replacements.

        Empty while `code` is in force. A successor whose own validity on the day is not known is listed
        with that state; one that has ended or not begun is not. The general successor comes before those
        of single products.
        """
        start = self.lookup(code, on)
        # A row without an end has no successor, even if its number once belonged to a drug that has one.
        if start is None or start.end == "open" or start.state(on) == "active":
            return ()
        return self.successors_of(start, on)

    def successors_of(self, ended: Drug, on: date) -> tuple[Successor, ...]:
        """List the codes to bill on `on` in place of one row that had ended, as `successors` does."""
        found: dict[str, Successor] = {}
        self._follow(ended, ended.code, on, found, {ended.code})
        return tuple(sorted(found.values(), key=lambda item: (item.kind != "replaced", item.code)))

    def former(self, code: str, on: date) -> Drug | None:
        """Find what a reused number meant before it came to its meaning on `on`; None when it never was another drug.

        Seen so: J1440, filgrastim until 2013, a microbiota product since 2023.
        """
        meant = self.lookup(code, on)
        ended = [
            row
            for row in self._rows.get(code.strip().upper(), ())
            if meant is not None and row.state(on) == "deleted" and row.generic != meant.generic
        ]
        return min(ended, key=lambda row: _distance(row, on), default=None)

    def _follow(self, start: Drug, code: str, on: date, found: dict[str, Successor], seen: set[str]) -> None:
        for step in self._after.get(code, ()):
            if step.kind == "unclassified" or step.successor in seen:
                continue
            seen.add(step.successor)
            drug = self.lookup(step.successor, on)
            if drug is None:
                continue
            state = drug.state(on)
            if state in ("active", "unknown"):
                factor = _factor(start, drug)
                found[step.successor] = Successor(
                    code=step.successor,
                    kind=step.kind,
                    state=state,
                    generic=drug.generic,
                    units_per_old=factor,
                )
            if state == "deleted":
                self._follow(start, step.successor, on, found, seen)

    def predecessors(self, code: str) -> tuple[Succession, ...]:
        """List what was billed before `code` existed: replaced codes and unclassified ones (J9999)."""
        return tuple(self._before.get(code.strip().upper(), ()))

    def unit_traps(self, code: str) -> tuple[UnitTrap, ...]:
        """List codes of the same drug with another unit, easily mistaken for `code`."""
        return tuple(self._traps.get(code.strip().upper(), ()))


def _distance(row: Drug, on: date) -> int:
    """Count the days from `on` to the row's nearest known edge; far when none is known."""
    edges = (row.terminated, row.terminated_latest, row.added, row.added_earliest)
    return min((abs((edge - on).days) for edge in edges if edge is not None), default=10**6)


_MILLIGRAMS: dict[str, Decimal] = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}


def _factor(old: Drug, new: Drug) -> Decimal | None:
    """Compute how many new units make one old unit; None when the two units do not measure the same thing."""
    if not old.unit_qty or not new.unit_qty or old.unit_uom is None or new.unit_uom is None:
        return None
    if old.unit_uom == new.unit_uom:
        return old.unit_qty / new.unit_qty
    if old.unit_uom in _MILLIGRAMS and new.unit_uom in _MILLIGRAMS:
        return old.unit_qty * _MILLIGRAMS[old.unit_uom] / (new.unit_qty * _MILLIGRAMS[new.unit_uom])
    return None
