"""What the queue's page shows: rows with clocks and groups, counts beside every filter, the strip on top."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from api.access.principal import Principal
from api.service import Service
from api.web.queue_filters import AGES, DUE, QUESTIONS, Asked
from api.web.queue_questions import LABELS, Asking, asking_of
from knowledge.records import OPEN, Facet, WorklistFilter, WorklistItem
from knowledge.records.audit import saw
from knowledge.records.money import to_dollars
from knowledge.records.queue import WorkGroup
from knowledge.records.worklist_index import Entry, WorklistIndex

ROWS = 50


@dataclass(frozen=True)
class Row:
    """A row of the queue: a denial, or a group by its first. `ids` are all it stands for, `amount` theirs.

    `question` says whether a clinician's answer is waited for (`waiting`) or has come (`answered`).
    """

    item: WorklistItem
    days_left: int | None
    ids: tuple[str, ...]
    amount: Decimal
    group: WorkGroup | None = None
    question: str = ""

    @property
    def clock(self) -> str:
        """Give how near the clock is: bad, warn or plain."""
        if self.days_left is None or self.item.status not in OPEN:
            return "plain"
        return "bad" if self.days_left < 0 else "warn" if self.days_left <= _SOON else "plain"


_SOON = 7


@dataclass(frozen=True)
class Choice:
    """One value of a filter: what to set, how it is called, how many denials it leaves, whether it is set."""

    value: str
    label: str
    count: int
    chosen: bool = False
    more: str = ""


@dataclass(frozen=True)
class Strip:
    """Sums over what is listed."""

    listed: int
    at_stake: Decimal
    due: int
    passed: int
    ready: int
    waiting: int
    snoozed: int


@dataclass(frozen=True)
class Listed:
    """One page of rows. `after` None = the last. `whole`: what was looked for finds no more than these and later."""

    rows: tuple[Row, ...]
    after: str | None
    whole: bool = True


@dataclass(frozen=True)
class QueuePage:
    """All of it; `number` is that of the worklist's last change, `every` counts all denials ever worked."""

    listed: Listed
    strip: Strip
    facets: Mapping[str, tuple[Choice, ...]]
    number: int
    every: int
    open_at_all: int

    def label(self, name: str, value: str) -> str:
        """Give how a value of a filter is called."""
        found = (choice.label for choice in self.facets.get(name, ()) if choice.value == value)
        return next(found, _words(value) if name in _SAID else value)


class Reader:
    """Reads the queue of one practice for somebody, on a day."""

    def __init__(self, service: Service, practice_id: str, principal: Principal) -> None:
        """Read for `principal`, whose `assigned_to=me` it is."""
        self._service, self._practice_id, self._principal = service, practice_id, principal
        practice = dict(service.office.practices())[practice_id]
        self.as_of = practice.as_of or service.office.clock().date()
        self.practice_name = practice.name
        with service.office.records.reading() as repository:
            users = repository.access.users()
        self.people = {
            user.user_id: user.name for user in users if user.practices is None or practice_id in user.practices
        }
        self.people.setdefault(principal.id, principal.name)
        self.asking: Asking = asking_of(service, practice_id, principal)

    def wanted(self, asked: Asked) -> WorklistFilter:
        """Give the filter an address means."""
        return asked.wanted(self.as_of, self._principal.id)

    def page(self, asked: Asked) -> QueuePage:
        """Give the whole page."""
        with self._service.worklists.at(self._practice_id) as (index, number):
            wanted, among = self.wanted(asked), self._among(index, asked)
            bits = index.matching(wanted) & among
            entries = index.page(bits, asked.order, backwards=asked.backwards, limit=ROWS, together=True)
            strip = self._strip(index, wanted, bits, among)
            facets = self._facets(index, wanted, asked, among)
            every, still_open = len(index), index.matching(WorklistFilter(status=OPEN)).bit_count()
        return QueuePage(self._listed(*entries), strip, facets, number, every, still_open)

    def rows(self, asked: Asked, after: str | None = None, words: str = "") -> Listed:
        """Give the next rows after one; with `words` only of those they find, whatever their status.

        Raises:
            KeyError: `after` is no denial of the practice.
        """
        within, whole = self._found(words) if words else (None, True)
        with self._service.worklists.at(self._practice_id) as (index, _):
            wanted = WorklistFilter() if words else self.wanted(asked)
            bits = index.matching(wanted, within) & (_ALL if words else self._among(index, asked))
            found = index.page(
                bits, asked.order, backwards=asked.backwards, after=after, limit=ROWS, together=not words
            )
        return replace(self._listed(*found), whole=whole)

    def members(self, asked: Asked, group_id: str) -> tuple[Row, ...]:
        """Give the rows of a group that the filter leaves."""
        with self._service.worklists.at(self._practice_id) as (index, _):
            bits = index.matching(self.wanted(asked).model_copy(update={"group": group_id}))
            bits &= self._among(index, asked)
            found, _ = index.page(bits, limit=10_000)
        return self._listed(found, more=False).rows

    def groups(self, after: str | None = None) -> Listed:
        """Give the series and batches of open denials, by the place of their first in the queue.

        Raises:
            KeyError: `after` is no denial of the practice.
        """
        with self._service.worklists.at(self._practice_id) as (index, _):
            found = index.page(index.grouped(), after=after, limit=ROWS, together=True)
        return self._listed(*found)

    def neighbour(self, asked: Asked, denial_id: str, *, before: bool = False) -> str | None:
        """Give the denial after (or before) one in the filter's order: where the desk goes next; None = none.

        Raises:
            KeyError: there is no such denial.
        """
        with self._service.worklists.at(self._practice_id) as (index, _):
            found, _ = index.page(
                index.matching(self.wanted(asked)) & self._among(index, asked),
                asked.order,
                backwards=asked.backwards is not before,
                after=denial_id,
                limit=1,
            )
        return found[0].denial_id if found else None

    def _among(self, index: WorklistIndex, asked: Asked) -> int:
        """Give the bits that the filter by questions leaves: all of them where it asks for nothing."""
        return among(index, self.asking, asked)

    def _found(self, words: str) -> tuple[frozenset[str], bool]:
        with self._service.office.records.reading() as repository:
            return repository.worklist.found_by(self._practice_id, words)

    def _listed(self, found: Sequence[Entry], more: bool) -> Listed:
        named = [entry.denial_id for entry in found]
        groups = [entry.group for entry in found if entry.group is not None]
        with self._service.office.records.reading() as repository:
            items = repository.worklist.items(self._practice_id, named)
            held = repository.groups.some(self._practice_id, groups)
        saw(self._practice_id, (name for entry in found for name in entry.ids))
        if len(items) < len(named):  # taken out of the records since the worklist was read
            self._service.worklists.forget(self._practice_id)
        rows = []
        for entry in found:
            if (item := items.get(entry.denial_id)) is None:
                continue
            group, days = held.get(entry.group) if entry.group else None, entry.deadlines
            first = min((day for day in days if day >= self.as_of), default=max(days, default=None))
            left = None if first is None else (first - self.as_of).days
            question = self.asking.standing(item.denial_id) if group is None else ""
            rows.append(Row(item, left, entry.ids, to_dollars(entry.amount_cents), group, question))
        return Listed(tuple(rows), found[-1].denial_id if more and found else None)

    def _strip(self, index: WorklistIndex, wanted: WorklistFilter, bits: int, among: int) -> Strip:
        soon = {"due_from": self.as_of, "due_by": self.as_of + timedelta(days=_SOON)}
        passed = {"due_from": None, "due_by": self.as_of - timedelta(days=1)}
        asleep = {"awake_on": None, "asleep_on": self.as_of}
        return Strip(
            listed=bits.bit_count(),
            at_stake=Decimal(index.amount(bits)) / 100,
            due=self._count(index, wanted, soon, among),
            passed=self._count(index, wanted, passed, among),
            ready=(bits & index.matching(WorklistFilter(status=("worked",), route="straight_through"))).bit_count(),
            waiting=(bits & index.matching(WorklistFilter(status=("in_review",)))).bit_count(),
            snoozed=self._count(index, wanted, asleep, among),
        )

    @staticmethod
    def _count(index: WorklistIndex, wanted: WorklistFilter, changes: Mapping[str, object], among: int) -> int:
        return (index.matching(wanted.model_copy(update=dict(changes))) & among).bit_count()

    def _facets(
        self, index: WorklistIndex, wanted: WorklistFilter, asked: Asked, among: int
    ) -> dict[str, tuple[Choice, ...]]:
        payers, drugs = index.payer_names(), index.drug_names()
        named: dict[str, Callable[[str], str]] = {
            "payer_id": lambda value: payers.get(value, value),
            "hcpcs": lambda value: value,
            "assigned_to": lambda value: self.people.get(value, "somebody who left"),
        }
        found: dict[str, tuple[Choice, ...]] = {}
        for name in _BY_VALUE:
            shares = index.facet(index.matching(wanted.model_copy(update={name: None})) & among, name)
            label = named.get(name, _words)
            found[name] = tuple(
                Choice(
                    share.value,
                    label(share.value),
                    share.denials,
                    share.value == asked.value(name),
                    drugs.get(share.value, "") if name == "hcpcs" else "",
                )
                for share in shares
                if share.value is not None
            )
        shares = index.facet(index.matching(wanted.model_copy(update={"status": ()})) & among, "status")
        found["status"] = tuple(
            Choice(
                str(share.value),
                STANDS.get(str(share.value), _words(share.value)),
                share.denials,
                share.value in asked.statuses,
            )
            for share in shares
        )
        unbound = wanted.model_copy(update={"assigned_to": None, "unassigned": False})
        found["assigned_to"] = self._desks(index.facet(index.matching(unbound) & among, "assigned_to"), asked)
        found["due"] = self._spans(index, wanted, asked, among, "due", DUE, ("due_from", "due_by"))
        found["age"] = self._spans(index, wanted, asked, among, "age", tuple(AGES), ("paid_from", "paid_until"))
        found["question"] = self._questions(index, index.matching(wanted), asked)
        return found

    def _questions(self, index: WorklistIndex, bits: int, asked: Asked) -> tuple[Choice, ...]:
        counts = [
            (value, (bits & index.matching(WorklistFilter(), self.asking.of(value))).bit_count()) for value in QUESTIONS
        ]
        chosen = asked.value("question")
        return tuple(
            Choice(value, LABELS[value], count, chosen == value) for value, count in counts if count or chosen == value
        )

    def _desks(self, shares: Sequence[tuple[str | None, int]], asked: Asked) -> tuple[Choice, ...]:
        counts, chosen = dict(shares), asked.value("assigned_to")
        me = self._principal.id
        rows = [Choice("me", "Me", counts.pop(me, 0), chosen in ("me", me))]
        rows.append(Choice("nobody", "Nobody", counts.pop(None, 0), chosen == "nobody"))
        others = sorted((self.people.get(str(name), "Somebody who left"), str(name), n) for name, n in counts.items())
        return (*rows, *(Choice(name, label, count, chosen == name) for label, name, count in others))

    def _spans(
        self,
        index: WorklistIndex,
        wanted: WorklistFilter,
        asked: Asked,
        among: int,
        name: str,
        values: Sequence[str],
        fields: tuple[str, str],
    ) -> tuple[Choice, ...]:
        found = []
        for value in values:
            span = Asked(((name, value),)).wanted(self.as_of, "")
            changes = {field: getattr(span, field) for field in fields}
            found.append(
                Choice(value, SPANS[value], self._count(index, wanted, changes, among), asked.value(name) == value)
            )
        return tuple(found)


_ALL = -1
"""The bits of every denial: a number of Python's has no end to its left."""


def among(index: WorklistIndex, asking: Asking, asked: Asked) -> int:
    """Give the bits of the denials that the filter by questions leaves."""
    wanted = asking.of(asked.value("question"))
    return _ALL if wanted is None else index.matching(WorklistFilter(), wanted)


_SAID = ("root_cause", "remedy", "route", "status", "category", "snoozed", "assigned_to")
_BY_VALUE: tuple[Facet, ...] = ("payer_id", "hcpcs", "root_cause", "remedy", "route")
STANDS = {"in_review": "Needs a person", "worked": "Ready"}
SPANS = {
    "7": "In 7 days",
    "14": "In 14 days",
    "30": "In 30 days",
    "passed": "Ran out",
    "0-30": "Up to 30 days",
    "31-60": "31 to 60 days",
    "61-90": "61 to 90 days",
    "91": "Over 90 days",
}


def _words(value: str | None) -> str:
    text = (value or "unknown").replace("_", " ").replace("-", " ")
    return text[0].upper() + text[1:]
