"""Clocks of a denial: until when an answer must be in, and which setting of the payer says so."""

import datetime as dt
from typing import Literal

from knowledge.types.practice import Frozen

DeadlineAction = Literal[
    "corrected_claim",
    "new_claim",
    "reconsideration",
    "appeal",
    "authorization_fix",
    "peer_to_peer",
    "bill_other_payer",
    "reopening",
    "send_records",
]


class Deadline(Frozen):
    """One clock. `date` is the last day that still counts; `safe_by` an earlier day to aim for.

    `rule` names the setting and the day it runs from. `days_left` counts from the day the folder is worked
    on and is below zero once the clock has run out (`expired`). `says` is one sentence for people.
    """

    action: DeadlineAction
    date: dt.date
    rule: str
    days_left: int
    expired: bool
    safe_by: dt.date
    says: str


class Filing(Frozen):
    """Whether a claim was accepted within the filing limit. `last_day` still counts; None = limit unknown."""

    standing: Literal["in_time", "late", "unknown"]
    last_day: dt.date | None = None
    days_late: int = 0
    says: str
