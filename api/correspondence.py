"""What was approved, edited and sent of a denial, as the API shows it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from knowledge.records import Approval, Attempt, LetterEdit, Outgoing, Role


class ApprovedFileShown(BaseModel):
    """A file that was approved, by the sha256 of its bytes."""

    model_config = ConfigDict(frozen=True)

    kind: str
    sha256: str


class ApprovalShown(BaseModel):
    """An approval: who, when, in which role, of which bytes; and, when it no longer holds, since when and why."""

    model_config = ConfigDict(frozen=True)

    sha256: str = Field(description="Names the approval; each send names the one it went out by.")
    remedy: str
    by: str = Field(description="A person, or `policy`.")
    role: Role | None
    signed_by: str | None = Field(description="Whose signature was obtained.")
    at: datetime
    files: tuple[ApprovedFileShown, ...]
    voided_at: datetime | None
    void_code: str | None = Field(description="Null while it holds.")
    void_reason: str | None

    @classmethod
    def of(cls, approval: Approval) -> "ApprovalShown":
        """Write an approval without paths and prints of the home."""
        return cls.model_validate(approval, from_attributes=True)


class AttemptShown(BaseModel):
    """One hand-over tried. One without an end was cut off; the next has the same send key."""

    model_config = ConfigDict(frozen=True)

    number: int
    began_at: datetime
    ended_at: datetime | None
    outcome: str | None
    says: str


class SendShown(BaseModel):
    """A send with every hand-over tried. `receipt_sha256` names what came back (`/v1/outbox/{key}/receipt`)."""

    model_config = ConfigDict(frozen=True)

    key: str
    approval_sha256: str
    channel: str
    target: str
    kind: str
    state: str
    file_sha256: str
    handed_sha256: str
    queued_at: datetime
    handed_over_at: datetime | None
    receipted_at: datetime | None
    retry_at: datetime | None
    says: str
    receipt_sha256: str | None
    attempts: tuple[AttemptShown, ...]

    @classmethod
    def of(cls, outgoing: Outgoing, attempts: Sequence[Attempt]) -> "SendShown":
        """Write a send and what was tried of it."""
        tried = [one.model_dump(exclude={"send"}) for one in attempts]
        return cls.model_validate({**outgoing.model_dump(include=set(cls.model_fields)), "attempts": tried})


class LetterEditShown(BaseModel):
    """A letter edited in Word: who, when, what changed."""

    model_config = ConfigDict(frozen=True)

    key: str
    by: str
    role: Role | None
    reason: str
    at: datetime
    word_sha256: str
    diff: str = Field(description="Lines of `-` and `+`, sentence by sentence.")

    @classmethod
    def of(cls, edit: LetterEdit) -> "LetterEditShown":
        """Write an edit without the letter itself."""
        return cls.model_validate(edit, from_attributes=True)
