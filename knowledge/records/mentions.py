"""Values that say whom a stored fact is about, for finding everything of one patient."""

from datetime import date
from typing import Literal

from knowledge.types.practice import Frozen

MentionKind = Literal["claim", "remit", "coverage", "authorization", "chart", "acknowledgement", "status", "unread"]


class Mention(Frozen):
    """One stored fact, and whom it is about as far as it says. Ids and names stand as they came.

    `row` is its row in its own table, `file` the name of its file. `members` are member ids, of a chart every
    identifier. `claim` is our claim number; `numbers` the payer's number of it, of an authorization its own number;
    `named` the authorizations a claim names. `latest` is the last day it mentions, birth dates aside.
    """

    kind: MentionKind
    row: int
    file_id: int
    file: str
    members: tuple[str, ...] = ()
    last: str = ""
    first: str = ""
    born: date | None = None
    claim: str = ""
    numbers: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    latest: date | None = None


class HeldContent(Frozen):
    """A source file, or one waiting in a job, with its bytes. `job_id` None = a source file, `id` its row."""

    id: int
    job_id: str | None
    practice_id: str
    kind: str
    name: str
    state: str
    content: bytes
