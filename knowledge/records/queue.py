"""Values the queue is shown from: groups of denials worked together, saved views, narrow rows held in memory."""

from datetime import date
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from knowledge.types.practice import Frozen


class Apart(Frozen):
    """A denial that shares what a group shares and is worked alone; `says` why."""

    denial_id: str
    says: str


class WorkGroup(Frozen):
    """A series or batch of open denials. `shared` names what they share, `says` is the largest one's sentence."""

    group_id: str
    kind: Literal["series", "batch"]
    payer_name: str
    root_cause: str
    remedy: str
    then: str | None
    shared: str
    says: str
    members: tuple[str, ...]
    left_out: tuple[Apart, ...] = ()


class SavedView(Frozen):
    """A filter of the queue by name. `query` is the address's, of ids and codes only; `shared`: all may use it."""

    view_id: str
    owner: str
    owner_name: str
    name: str
    query: str
    shared: bool
    made_at: AwareDatetime


class NarrowRow(NamedTuple):
    """A denial's row of the worklist without its words, as it is held in memory. `group`: series or batch."""

    denial_id: str
    status: str
    route: str
    rank: int
    series: str | None
    group: str | None
    root_cause: str
    category: str
    remedy: str
    payer_id: str | None
    payer_name: str | None
    amount_cents: int
    deadline: date | None
    hcpcs: str | None
    drug: str | None
    site: str | None
    service_date: date | None
    paid_on: date | None
    month: str | None
    patient: str | None
    assigned_to: str | None
    snoozed_until: date | None
