"""What ranking and grouping read of a denial record, and no more: so that 100,000 of them can be held in memory.

An outline has the names of the record it stands for; what takes a record to group, weigh or list it takes either.
"""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from knowledge.types.diagnosis import Category, Remedy
from knowledge.types.record import DenialRecord, Route, Status

T = TypeVar("T")
_SHARED = ("contracts/", "hcpcs table")


class OutlineRemit(msgspec.Struct, frozen=True, gc=False):
    """Whose claim it is."""

    payer_id: str | None
    payer_name: str | None
    paid_on: str | None
    claim_id: str
    payer_claim_number: str | None


class OutlineLine(msgspec.Struct, frozen=True, gc=False):
    """The line denied."""

    hcpcs: str | None
    modifiers: tuple[str, ...]
    units: str | None
    service_date: str | None
    charge: str


class OutlineLink(msgspec.Struct, frozen=True, gc=False):
    """A record of the practice that the denial is joined to."""

    value: str


class OutlineLinks(msgspec.Struct, frozen=True, gc=False):
    """Those that denials may share."""

    auth_number: OutlineLink | None
    chart: OutlineLink | None


class OutlineClock(msgspec.Struct, frozen=True, gc=False):
    """A deadline."""

    action: str
    date: str
    rule: str


class OutlineAdjustment(msgspec.Struct, frozen=True, gc=False):
    """What the payer took off, by its reason."""

    carc: str


class OutlineEvidence(msgspec.Struct, frozen=True, gc=False):
    """A source that denials may share."""

    kind: str
    source: str


class OutlineReason(msgspec.Struct, frozen=True, gc=False):
    """Why a person must look."""

    code: str


class OutlinePriority(msgspec.Struct, frozen=True, gc=False):
    """Worth and place as the record has them."""

    expected_value: str
    days_left: int | None
    rank: int | None
    amount_expected: str | None = None
    cost_of_work: str | None = None
    chance: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    outcomes: int | None = None
    too_few_outcomes: bool | None = None
    rests_on: str | None = None
    order: str | None = None

    def differs(self, worth: dict[str, Any]) -> bool:
        """Tell whether some of these values are not its own."""
        return any(getattr(self, name) != value for name, value in worth.items())


class Outline(msgspec.Struct, frozen=True, gc=False):
    """The outline of one denial record."""

    denial_id: str
    remit: OutlineRemit
    line: OutlineLine | None
    adjustments: tuple[OutlineAdjustment, ...]
    amount_at_stake: str
    links: OutlineLinks
    category: Category
    root_cause: str
    says: str
    remedy: Remedy
    then: Remedy | None
    route: Route
    review_reasons: tuple[OutlineReason, ...]
    deadlines: tuple[OutlineClock, ...]
    evidence: tuple[OutlineEvidence, ...]
    priority: OutlinePriority
    series: str | None
    status: Status
    rate_amount: str | None = None


Told = DenialRecord | Outline
"""A denial as its record tells it, whole or in outline."""

_DECODER = msgspec.json.Decoder(Outline)


def read_outline(record: str) -> Outline:
    """Read a denial record's outline from its JSON text, many times faster than the record itself.

    Raises:
        msgspec.MsgspecError: the text is no denial record.
    """
    found = _DECODER.decode(record)
    shared = tuple(one for one in found.evidence if one.kind == "coverage" or one.source.startswith(_SHARED))
    return msgspec.structs.replace(
        found,
        remit=_same(found.remit),
        line=_same(found.line),
        adjustments=_same(found.adjustments),
        root_cause=_same(found.root_cause),
        says=_same(found.says),
        review_reasons=_same(found.review_reasons),
        deadlines=_same(found.deadlines),
        evidence=_same(shared),
        priority=with_words(found.priority),
    )


def with_words(priority: OutlinePriority) -> OutlinePriority:
    """Have a priority say its words by the same strings as others that say the same."""
    return msgspec.structs.replace(priority, rests_on=_same(priority.rests_on), order=_same(priority.order))


@lru_cache(maxsize=200_000)
def _same(value: T) -> T:
    """Return the first of equal values, so that each is held once: denials have much in common."""
    return value
