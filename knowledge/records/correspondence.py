"""Values around a letter and its way out: who edited it, where a person says it goes, each attempt to hand it over."""

from typing import Literal

from pydantic import AwareDatetime

from knowledge.records.dispatch import Role
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Frozen


class LetterEdit(Frozen):
    """A letter as a person edited it, verified when it came. `key` is the review it came with.

    `word_sha256` is the Word file's, `letter_before` names the letter it was made from, `diff` says what changed.
    `rests_on` are the records the letter rested on: with others it no longer holds.
    """

    key: str
    by: str
    role: Role | None
    reason: str
    at: AwareDatetime
    word_sha256: str
    letter_before: str
    rests_on: str
    remedy: str
    diff: str
    content: LetterContent


class Direction(Frozen):
    """Where a person says that a denial's packet goes, when nothing else tells: an address, a fax number, or both."""

    address: str
    fax: str
    by: str
    at: AwareDatetime


class Attempt(Frozen):
    """One hand-over tried: begun before the line that cannot be crossed back, ended when its outcome was known.

    An attempt without an end was cut off: the next one has the same send key, by which a receiver knows a repeat.
    """

    send: str
    number: int
    began_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    outcome: Literal["handed_over", "receipted", "retry", "refused"] | None = None
    says: str = ""
