"""The shapes of bulk intake: what a job is given, and how it and its files fare."""

import base64
import binascii
import csv
import io
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.intake_ways import BY_ADDRESS, IN_ROWS
from api.schemas import Answered, Finding, Seen
from api.uploads import bare
from knowledge.records import Job, JobItem, JobState, NewItem
from knowledge.records.sortable_ids import pattern

Address = Literal[
    "remits", "claims", "acknowledgements", "authorizations", "charts", "coverage", "policies", "contracts", "payers"
]

JobId = Annotated[str, Path(description="The job's id.", pattern=pattern("job"), examples=[f"job_{'0' * 26}"])]


class BulkFile(BaseModel):
    """One file: `text`, or `data` (base64), or `rows` of a table."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "authorizations",
                    "name": "cascade.csv",
                    "rows": [{"auth_number": "A-1", "payer_id": "CASC1", "hcpcs": "J9271", "quantity": "200"}],
                }
            ]
        },
    )

    kind: Address = Field(description="What it is: the last part of the address that takes one.")
    name: Seen = Field(min_length=1, max_length=200, description="Another file of this name replaces it, X12 excepted.")
    text: str | None = Field(default=None, description="The file as text (UTF-8).")
    data: str | None = Field(default=None, description="The file's bytes, base64.")
    rows: list[dict[str, str | None]] | None = Field(
        default=None, description="Rows by column, for authorizations, coverage, contracts.", max_length=50_000
    )

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if sum(one is not None for one in (self.text, self.data, self.rows)) != 1:
            raise ValueError("give one of text, data, rows")
        if self.rows is not None and self.kind not in IN_ROWS:
            raise ValueError(f"rows are for {', '.join(sorted(IN_ROWS))}")
        return self

    def item(self) -> NewItem:
        """Give the file.

        Raises:
            ValueError: `data` is no base64.
        """
        return NewItem(kind=BY_ADDRESS[self.kind].kind, name=bare(self.name) or "file", content=self._content())

    def _content(self) -> bytes:
        if self.data is not None:
            try:
                return base64.b64decode(self.data, validate=True)
            except binascii.Error as error:
                raise ValueError(f"data is no base64: {error}") from error
        if self.rows is not None:
            return _table(self.rows)
        return (self.text or "").encode("utf-8", "surrogatepass")


class BulkRequest(BaseModel):
    """Files to take in, in this order."""

    model_config = ConfigDict(extra="forbid")

    files: list[BulkFile] = Field(min_length=1)


class JobShown(Answered):
    """A bulk job. `done` of `total` files are in; `failed` of them could not be used."""

    job_id: str = Field(pattern=pattern("job"))
    state: JobState = Field(description="`taking` files in, `working` the denials with them, `done`.")
    total: int
    done: int
    failed: int
    made_by: str
    made_at: AwareDatetime
    ended_at: AwareDatetime | None
    fault: str | None = Field(
        description="The kind of error that ended the work on the denials; null when it went well."
    )

    @classmethod
    def of(cls, job: Job) -> "JobShown":
        """Write a job."""
        return cls.model_validate(job.model_dump(exclude={"practice_id"}))


class JobItemShown(Answered):
    """How one file of a job fared. What was wrong in single rows stands in `findings`, each with its place."""

    position: int = Field(description="Which file of the request, counted from 1.")
    kind: str
    name: str
    state: Literal["waiting", "taken", "failed"]
    outcome: str | None = Field(description="As for a single upload; null while it waits.")
    facts: int = Field(description="Claims, rows or charts in it.")
    error: str | None = Field(description="Why nothing of it could be used.")
    findings: list[Finding]

    @classmethod
    def of(cls, item: JobItem) -> "JobItemShown":
        """Write a job's file."""
        return cls(
            position=item.position,
            kind=item.kind,
            name=item.name,
            state=item.state,
            outcome=item.outcome,
            facts=item.facts,
            error=item.error,
            findings=[Finding.of(one) for one in item.findings],
        )


def _table(rows: list[dict[str, str | None]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    table = csv.DictWriter(written, columns, lineterminator="\n")
    table.writeheader()
    table.writerows([{name: row.get(name) or "" for name in columns} for row in rows])
    return written.getvalue().encode("utf-8", "surrogatepass")
