"""What the worklist takes and gives: the facts of a denial a list shows, filters, rows, sums."""

from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.records.values import DenialStatus
from knowledge.types.practice import Frozen

Sort = Literal["rank", "deadline", "amount", "age"]
Facet = Literal[
    "payer_id", "root_cause", "hcpcs", "route", "status", "remedy", "category", "site", "month", "assigned_to"
]

OPEN: tuple[DenialStatus, ...] = ("new", "worked", "in_review", "approved", "sent")
"""Statuses of denials that somebody still has to do something about, or wait for."""


class Listing(Frozen):
    """What the linked records say of a denial that its record does not: for lists and search, never for decisions.

    `patient` is "Family, Given"; `words` are what the denial is found by besides its own numbers (names, member id).
    """

    drug: str | None = None
    site: str | None = None
    patient: str | None = None
    words: tuple[str, ...] = ()


class WorklistFilter(Frozen):
    """Which denials to list; None and empty = any.

    `due_from`, `due_by`: clocks that run out from that day on, on that day or before. `paid_from`, `paid_until`: denied
    from that day on, on that day or before (age). `awake_on`: leave out what is snoozed beyond that day; `asleep_on`:
    only that. `unassigned`: on nobody's desk. `group`: of that series or batch. `words`: each must begin one of the
    denial's words.
    """

    status: tuple[DenialStatus, ...] = ()
    route: str | None = None
    payer_id: str | None = None
    root_cause: str | None = None
    category: str | None = None
    remedy: str | None = None
    hcpcs: str | None = None
    site: str | None = None
    month: str | None = None
    series: str | None = None
    group: str | None = None
    assigned_to: str | None = None
    unassigned: bool = False
    due_from: date | None = None
    due_by: date | None = None
    paid_from: date | None = None
    paid_until: date | None = None
    awake_on: date | None = None
    asleep_on: date | None = None
    words: str = ""


class WorklistItem(Frozen):
    """One row of a list. Amounts in dollars; `rank` None = not ranked yet."""

    denial_id: str
    status: DenialStatus
    route: str
    rank: int | None
    series: str | None
    root_cause: str
    category: str
    remedy: str
    payer_id: str | None
    payer_name: str | None
    amount: Decimal
    value: Decimal
    recovered: Decimal
    deadline: date | None
    hcpcs: str | None
    drug: str | None
    site: str | None
    service_date: date | None
    paid_on: date | None
    claim_id: str
    auth_number: str | None
    patient: str | None
    says: str
    assigned_to: str | None
    snoozed_until: date | None


class WorklistPage(Frozen):
    """One page of a list. `next_cursor` None = the last page."""

    items: tuple[WorklistItem, ...]
    next_cursor: str | None


class Tally(Frozen):
    """How many denials share a value, and their dollars."""

    value: str | None
    count: int
    amount: Decimal
    recovered: Decimal
