"""The filter of the queue as it stands in an address: ids, codes and days, never words that were searched for.

`/queue?payer_id=CASC1&due=7` and so on. Every field of `WorklistFilter` but words goes by its own name (`status` may
come more than once; days are ISO). Besides: `due` (`7`, `14`, `30`, `passed`), `age` (`0-30`, `31-60`, `61-90`,
`91`), `assigned_to=me` and `=nobody`, and `question`: `waiting` for a clinician's answer, `me` = for mine, or
`answered`. Without a `status` the open denials are meant, `status=any` means all; what is snoozed is left out of the
open ones unless `snoozed=with` or `snoozed=only` asks for it. `practice` names the practice, and goes along in every
link once it stands in an address; a saved view does not hold it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from knowledge.records import OPEN, DenialStatus, WorklistFilter
from knowledge.records.worklist_index import Order

PLAIN = ("route", "payer_id", "root_cause", "category", "remedy", "hcpcs", "site", "month", "series", "group")
DAYS = ("due_from", "due_by", "paid_from", "paid_until")
DUE = ("7", "14", "30", "passed")
AGES = {"0-30": (0, 30), "31-60": (31, 60), "61-90": (61, 90), "91": (91, None)}
QUESTIONS = ("waiting", "me", "answered")
STATUSES: tuple[DenialStatus, ...] = get_args(DenialStatus)
ORDERS: tuple[Order, ...] = get_args(Order)
_KNOWN = ("status", *PLAIN, "assigned_to", *DAYS, "due", "age", "snoozed", "question")
_LONGEST = 100


@dataclass(frozen=True)
class Asked:
    """What an address asks of the queue: its filter as written, the order, the practice where it was named."""

    given: tuple[tuple[str, str], ...] = ()
    order: Order = "rank"
    backwards: bool = False
    practice: str = ""

    @property
    def query(self) -> str:
        """Write it back, in one form whatever the order it came in; blank = everything as it is by default."""
        return urlencode([*self._practice(), *self.given, *self._order()])

    @property
    def own(self) -> str:
        """Write it back without the practice: what a saved view holds."""
        return urlencode([*self.given, *self._order()])

    def to(self, own: str = "") -> str:
        """Write another filter (as `own` gives it) for the same practice."""
        return "&".join(part for part in (urlencode(self._practice()), own) if part)

    def but(self, **changes: str | None) -> str:
        """Write it with some names set to a value, or taken out by None; `order` begins forwards."""
        given = [pair for pair in self.given if pair[0] not in changes]
        given += [(name, value) for name, value in changes.items() if value is not None and name in _KNOWN]
        order = self._order()
        if "order" in changes:
            order = [] if changes["order"] in (None, "rank") else [("order", str(changes["order"]))]
            order += [("backwards", "1")] if changes.get("backwards") else []
        return urlencode([*self._practice(), *sorted(given), *order])

    def value(self, name: str) -> str | None:
        """Give what a name is set to; None = not at all."""
        return next((value for held, value in self.given if held == name), None)

    @property
    def statuses(self) -> tuple[str, ...]:
        """Give the statuses as they were asked for."""
        return tuple(value for name, value in self.given if name == "status")

    def _practice(self) -> list[tuple[str, str]]:
        return [("practice", self.practice)] if self.practice else []

    def _order(self) -> list[tuple[str, str]]:
        plain = [] if self.order == "rank" else [("order", str(self.order))]
        return [*plain, *([("backwards", "1")] if self.backwards else [])]

    def wanted(self, as_of: date, me: str) -> WorklistFilter:
        """Give the filter it means on a day, for somebody (`assigned_to=me`)."""
        values: dict[str, Any] = {name: self.value(name) for name in (*PLAIN, *DAYS)}
        asked = self.statuses
        values["status"] = () if "any" in asked else tuple(asked) or OPEN
        desk = self.value("assigned_to")
        values["unassigned"] = desk == "nobody"
        values["assigned_to"] = None if desk == "nobody" else me if desk == "me" else desk
        values |= _due(self.value("due"), as_of) | _age(self.value("age"), as_of)
        snoozed = self.value("snoozed") or ("hidden" if not asked else "with")
        values |= {"hidden": {"awake_on": as_of}, "only": {"asleep_on": as_of}}.get(snoozed, {})
        return WorklistFilter.model_validate(values)


def asked_in(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Read what an address asks; what it cannot mean is left out, so that an old link still opens."""
    given, order, backwards, practice = set(), "rank", False, ""
    for name, value in pairs:
        text = value.strip()
        if name == "order" and text in ORDERS:
            order = text
        elif name == "backwards":
            backwards = text == "1"
        elif name == "practice" and len(text) <= _LONGEST:
            practice = text
        elif text and len(text) <= _LONGEST and _means(name, text):
            given.add((name, text))
    return Asked(tuple(sorted(given)), order, backwards, practice)  # type: ignore[arg-type]  # one of ORDERS


def asked_by(query: str) -> Asked:
    """Read what a saved address asks."""
    return asked_in(parse_qsl(query, max_num_fields=50))


def _means(name: str, text: str) -> bool:
    if name == "status":
        return text == "any" or text in STATUSES
    if name in DAYS:
        try:
            WorklistFilter.model_validate({name: text})
        except ValidationError:
            return False
        return True
    allowed = {"due": DUE, "age": tuple(AGES), "snoozed": ("with", "only"), "question": QUESTIONS}
    return text in allowed[name] if name in allowed else name in _KNOWN


def _due(due: str | None, as_of: date) -> dict[str, date]:
    if due is None:
        return {}
    if due == "passed":
        return {"due_by": as_of - timedelta(days=1)}
    return {"due_from": as_of, "due_by": as_of + timedelta(days=int(due))}


def _age(age: str | None, as_of: date) -> dict[str, date]:
    if age is None:
        return {}
    youngest, oldest = AGES[age]
    found = {"paid_until": as_of - timedelta(days=youngest)} if youngest else {}
    return found if oldest is None else {**found, "paid_from": as_of - timedelta(days=oldest)}
