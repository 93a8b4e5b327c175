"""A payer's decision as a person entered it."""

from datetime import date

from pydantic import AwareDatetime

from knowledge.types.outcomes import Result
from knowledge.types.practice import Frozen


class OutcomeEntry(Frozen):
    """What the payer decided, who entered it and when. `key` makes it count once.

    `level` is the payer's appeal level it decided on, blank = the one that was out. `codes` are CARC and RARC the
    decision names, `reason` its words. Withdrawn, it stays on record and no longer counts.
    """

    key: str
    result: Result
    decided_on: date
    level: str = ""
    reference: str = ""
    reason: str = ""
    codes: tuple[str, ...] = ()
    by: str
    at: AwareDatetime
    letter_name: str = ""
    letter_sha256: str | None = None
    withdrawn_at: AwareDatetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""
