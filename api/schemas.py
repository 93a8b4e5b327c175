"""The API's own shapes, around the denial record of the contract."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from agent.intake.report import Outcome
from api.correspondence import ApprovalShown, LetterEditShown, SendShown
from api.examples import DENIAL, REVIEW, TAKEN
from api.worker import Progress
from api.written import seen_only
from knowledge.records import Role
from knowledge.types.corrections import DiffRow
from knowledge.types.diagnosis import Remedy
from knowledge.types.evidence import Fact
from knowledge.types.letters import Table
from knowledge.types.reading import ReadingFinding, Severity
from knowledge.types.record import DenialRecord

Seen = Annotated[str, AfterValidator(seen_only)]


class Answered(BaseModel):
    """The base of what is answered: immutable."""

    model_config = ConfigDict(frozen=True)


class Finding(Answered):
    """Something noticed while a file was read."""

    severity: Severity
    code: str = Field(description="A stable name, such as `line-out-of-balance`.")
    says: str = Field(description="What was wrong and what was expected.")
    file: str
    where: str = Field(description="File and line, row or loop, for people; blank when `segment` says it.")
    segment: int | None = Field(description="The X12 segment, counted from 1 (ISA).")
    byte: int | None = Field(description="Where that segment begins in the file, counted from 0.")

    @classmethod
    def of(cls, finding: ReadingFinding) -> "Finding":
        """Write a reader's finding."""
        return cls(
            severity=finding.severity,
            code=finding.code,
            says=finding.says,
            file=finding.file,
            where=finding.where,
            segment=finding.place.segment if finding.place else None,
            byte=finding.place.byte if finding.place else None,
        )


class WorkStatus(Answered):
    """How the work on the denials stands."""

    state: Literal["idle", "waiting", "working"]
    practice_id: str | None = Field(description="The practice being worked.")
    done: int = Field(description="Cases worked in this run.")
    total: int = Field(description="Cases to work in this run.")
    failed: str | None = Field(description="The kind of error that ended the last run; null when it ended well.")

    @classmethod
    def of(cls, progress: Progress) -> "WorkStatus":
        """Write the worker's progress."""
        return cls(
            state=progress.state,
            practice_id=progress.practice_id,
            done=progress.done,
            total=progress.total,
            failed=progress.failed,
        )


class Taken(Answered):
    """What became of a file, and what it did to the denials.

    `worked` false (202): the denials are still being worked; see `GET /v1/work`.
    """

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [TAKEN]})

    practice_id: str
    file: str = Field(description="The name it is known by. Another file of this name replaces it, remits excepted.")
    outcome: Outcome = Field(
        description="`new`: taken in. `known`: was there already. `duplicate`: another file said the same. "
        "`conflict`: another remit of the same trace says something else; its denials go to a person."
    )
    facts: int = Field(description="Claims, rows or charts in it; 0 when it was known.")
    findings: list[Finding]
    worked: bool = Field(description="Whether all denials have been worked with this file.")
    new: list[str] = Field(description="Ids of denials found by this work.")
    changed: list[str] = Field(description="Ids of denials that stand differently after this work.")
    work: WorkStatus


class PracticeListed(Answered):
    """A practice of this home."""

    practice_id: str
    name: str
    denials: dict[str, int] = Field(description="How many denials there are, by status.")


class TimelineEntry(Answered):
    """Something that happened to a denial."""

    at: datetime
    kind: str = Field(examples=["worked"])
    says: str


class DenialList(Answered):
    """One page of denials, the one to work first on top."""

    items: list[DenialRecord]
    next_cursor: str | None = Field(description="Hand it back as `cursor` for the next page; null on the last.")


class DenialDetail(DenialRecord):
    """The denial record (contract 1) with what it rests on: facts, tables, changes to the claim, timeline."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [DENIAL]})

    facts: tuple[Fact, ...] = Field(description="Every fact established; `evidence` are ids of the record's evidence.")
    tables: tuple[Table, ...] = Field(description="Tables of the letter; `marked` is the cell that decides.")
    changes: tuple[DiffRow, ...] = Field(description="What the corrected claim changes; empty without one.")
    timeline: tuple[TimelineEntry, ...] = Field(description="What happened, oldest first.")
    approvals: tuple[ApprovalShown, ...] = Field(default=(), description="Oldest first, voided ones among them.")
    sends: tuple[SendShown, ...] = Field(default=(), description="Oldest first, each with its receipt and attempts.")
    letter_edits: tuple[LetterEditShown, ...] = Field(default=(), description="Edits of the letter, oldest first.")


class Changes(BaseModel):
    """What an edit changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    remedy: Remedy | None = None
    then: Remedy | None = Field(default=None, description="What follows the remedy; null: nothing does.")
    root_cause: str | None = Field(default=None, description="An id of the cause catalogue.")
    note: Seen | None = Field(default=None, max_length=2000, description="For whoever reviews it next.")


class ReviewRequest(BaseModel):
    """A person's decision."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [REVIEW]})

    decision: Literal["approve", "edit", "reject"] = Field(
        description="`approve`: it may go. `edit`: the draft is made anew and waits again. `reject`: it is closed."
    )
    reason: Seen = Field(min_length=1, max_length=2000, description="Why, in a sentence; it stays in the timeline.")
    by: Seen | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Who decided: with the server's key only; who signs in decides in their own name.",
    )
    changes: Changes | None = Field(default=None, description="With `edit` only.")
    role: Role | None = Field(
        default=None,
        description="With `approve`: in which role. Write-offs, refunds, patient bills, diagnosis and modifier changes "
        "need the one that may decide them.",
    )
    signed_by: Seen | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="With `approve`: the physician whose signature was obtained, where the letter needs one.",
    )

    @model_validator(mode="after")
    def _edits_change_something(self) -> Self:
        if (self.decision == "edit") != bool(self.edits()):
            raise ValueError(
                "an edit names what it changes" if self.decision == "edit" else "changes go with edit only"
            )
        return self

    @model_validator(mode="after")
    def _only_an_approval_is_signed(self) -> Self:
        if self.decision != "approve" and (self.role or self.signed_by):
            raise ValueError("role and signed_by go with approve only")
        return self

    def edits(self) -> dict[str, str | None]:
        """Give the changed fields by name; one that is left out is not among them."""
        return self.changes.model_dump(exclude_unset=True) if self.changes else {}


class Standing(Answered):
    """Whether the server lives."""

    status: Literal["ok"]


class Readiness(Standing):
    """Whether the server can work, part by part. Where one cannot, the answer is a problem that names it."""

    database: Literal["ok"]
    checkpoints: Literal["ok"]
    codes: Literal["ok"]
    worker: Literal["ok"]
