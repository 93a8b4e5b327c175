"""Values of approval and sending: what was approved by whom, and how each send stands."""

from typing import Literal

from pydantic import AwareDatetime

from knowledge.types.practice import Frozen

Role = Literal["biller", "coder", "clinician", "manager", "compliance", "counsel"]
"""Who may decide what; the table beside `agent.approving.authority` says which decision needs which."""

Channel = Literal["folder", "webhook", "print"]

OutgoingState = Literal["queued", "handed_over", "receipted", "failed", "voided"]

VoidCode = Literal[
    "file-changed", "case-changed", "edited", "worked-again", "unbound", "answered", "followed", "taken-back"
]
"""Why an approval no longer holds. After `worked-again` a release by policy is given anew; else a person looks.
`answered`: it was sent, and the payer has decided on it since; it stays on record as what was sent. `followed`: it was
sent, and a person has begun what follows it. `taken-back`: whoever approved it, or another, took the decision back."""

POLICY = "policy"
"""Who released a denial that needed no person."""


class ApprovedFile(Frozen):
    """A file an approval names: its path below the home, and the sha256 that was approved."""

    kind: str
    path: str
    sha256: str
    media_type: str


class Approval(Frozen):
    """Who approved which bytes, when. It holds while `void_code` is None.

    `sha256` names the approval: it covers the denial, the decision and every file's sha256. `key` is the review it
    came from, `case_print` the records the packet rests on. `by` is a person, or "policy".
    """

    sha256: str
    key: str
    remedy: str
    by: str
    role: Role | None
    signed_by: str | None
    at: AwareDatetime
    case_print: str
    files: tuple[ApprovedFile, ...]
    voided_at: AwareDatetime | None = None
    void_code: VoidCode | None = None
    void_reason: str | None = None


class SentFile(Frozen):
    """A file of data that belongs to what is sent, approved with it and kept by its sha256.

    `handed`: it went along, or was named to whoever fetches it; otherwise the channel takes no data and it stayed here.
    """

    kind: str
    file_name: str
    media_type: str
    sha256: str
    handed: bool = True


class Outgoing(Frozen):
    """One send. `file_sha256` is the approved file, `handed_sha256` the exact bytes handed over, both kept for good.

    `prepared_at` is set before the step that cannot be taken back: what was cut off after it is looked into, not
    repeated. `attempts` counts hand-overs tried; `retry_at` is when the next may be.
    `along` are the files of data that belong to it.
    """

    key: str
    practice_id: str
    denial_id: str
    approval_sha256: str
    channel: Channel
    target: str
    kind: str
    file_name: str
    media_type: str
    file_sha256: str
    handed_sha256: str
    state: OutgoingState
    queued_at: AwareDatetime
    prepared_at: AwareDatetime | None = None
    handed_over_at: AwareDatetime | None = None
    receipted_at: AwareDatetime | None = None
    attempts: int = 0
    retry_at: AwareDatetime | None = None
    says: str = ""
    receipt_sha256: str | None = None
    along: tuple[SentFile, ...] = ()
