"""Where the desk goes next: the cases before and after one, in the list and order the biller came from."""

from datetime import date
from typing import NamedTuple

from fastapi import Request

from api.access.principal import Principal
from api.service import Service
from api.web.queue_filters import Asked, asked_in
from api.web.queue_questions import Asking, asking_of
from api.web.queue_reading import among
from knowledge.records import WorklistFilter


class Way(NamedTuple):
    """The list a case was opened from: its query, the ids before and after, how many it holds.

    `onwards` is where the desk goes once this case is decided: the next of the list that waits for a person, else the
    first that does; None = nothing of the list waits.
    """

    query: str
    before: str | None
    after: str | None
    onwards: str | None
    listed: int


def asked_of(request: Request) -> Asked:
    """Read the list's filter off the case's own address; the rest of the address is left aside."""
    return asked_in(request.query_params.multi_items())


def way_of(service: Service, principal: Principal, practice_id: str, denial_id: str, asked: Asked, as_of: date) -> Way:
    """Find the neighbours of a case; one that has left the list keeps its place in the order."""
    wanted = asked.wanted(as_of, principal.id)
    waiting = wanted.model_copy(update={"status": ("in_review",)}) if _may_wait(wanted) else wanted
    asking = asking_of(service, practice_id, principal) if asked.value("question") else Asking()
    with service.worklists.at(practice_id) as (index, _):
        if denial_id not in index:
            return Way(asked.query, None, None, None, 0)
        left = among(index, asking, asked)
        bits, open_bits = index.matching(wanted) & left, index.matching(waiting) & left

        def step(bits: int, *, after: str | None, back: bool = False) -> str | None:
            found, _ = index.page(bits, asked.order, backwards=asked.backwards != back, after=after, limit=1)
            return found[0].denial_id if found else None

        onwards = step(open_bits, after=denial_id) or step(open_bits, after=None)
        return Way(
            query=asked.query,
            before=step(bits, after=denial_id, back=True),
            after=step(bits, after=denial_id),
            onwards=onwards if onwards != denial_id else None,
            listed=bits.bit_count(),
        )


def _may_wait(wanted: WorklistFilter) -> bool:
    return not wanted.status or "in_review" in wanted.status
