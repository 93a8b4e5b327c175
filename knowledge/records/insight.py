"""What sums are made of: a denial's facts, its decisions, its fight. Amounts in cents, so that they add up fast."""

from datetime import date, datetime
from typing import NamedTuple


class InsightFact(NamedTuple):
    """One worked denial. `month` is that of the remit, `YYYY-MM`."""

    denial_id: str
    status: str
    route: str
    root_cause: str
    remedy: str
    payer_id: str | None
    payer_name: str | None
    hcpcs: str | None
    drug: str | None
    site: str | None
    month: str | None
    paid_on: date | None
    deadline: date | None
    amount_cents: int
    recovered_cents: int


class InsightHistory(NamedTuple):
    """What people did with one denial.

    `worked_at` is when it first lay ready, `decided_at` when a person last approved or rejected it. `changed`: fields
    or letter were edited, or the case was rejected, instead of being approved as proposed. `no_denial`: later remits
    showed that it is none.
    """

    worked_at: datetime | None = None
    decided_at: datetime | None = None
    changed: bool = False
    no_denial: bool = False


class InsightFight(NamedTuple):
    """What was sent for one denial, or decided elsewhere: the last round's remedy, its letter, whose words it had."""

    remedy: str
    letter_kind: str
    words: str
