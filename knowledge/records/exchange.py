"""Values of the exchange with other programs: kept answers, bulk jobs, events, webhooks and their deliveries."""

from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from knowledge.folder import FileKind
from knowledge.types.practice import Frozen
from knowledge.types.reading import ReadingFinding

JobState = Literal["taking", "working", "done"]
"""`taking`: files are taken in. `working`: they are in, the denials are being worked."""

ItemState = Literal["waiting", "taken", "failed"]
WebhookState = Literal["active", "disabled"]
DeliveryState = Literal["waiting", "delivered", "failed", "ended"]
"""`failed`: every try was made. `ended`: its webhook was disabled before."""


class KeptAnswer(Frozen):
    """What a request was answered with, to be said again."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Job(Frozen):
    """A bulk intake. `failed` counts items that could not be used; `fault` is what ended the work on the denials."""

    job_id: str
    practice_id: str
    state: JobState
    total: int
    done: int
    failed: int
    made_by: str
    made_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    fault: str | None = None


class NewItem(Frozen):
    """A file for a job. `name` is the bare one."""

    kind: FileKind
    name: str
    content: bytes


@dataclass(frozen=True)
class JobItem:
    """How a file of a job fared."""

    position: int
    kind: FileKind
    name: str
    state: ItemState
    outcome: str | None = None
    facts: int = 0
    findings: tuple[ReadingFinding, ...] = ()
    error: str | None = None


class FeedEvent(Frozen):
    """Something that happened. `subject` is the id of the denial or job it is about."""

    position: int
    event_id: str
    practice_id: str
    kind: str
    subject: str
    at: AwareDatetime


class Webhook(Frozen):
    """Where events go. `kinds` empty = every event; `why` says why it is disabled; `revision` counts its changes."""

    webhook_id: str
    practice_id: str
    url: str
    kinds: tuple[str, ...]
    state: WebhookState
    why: str = ""
    revision: int = 1
    position: int
    made_by: str
    made_at: AwareDatetime
    succeeded_at: AwareDatetime | None = None


class WebhookSecret(Frozen):
    """A secret of a webhook; it signs until `ends_at`, None = until further notice."""

    secret_id: str
    secret: str
    made_at: AwareDatetime
    ends_at: AwareDatetime | None = None


class Delivery(Frozen):
    """One event on its way to one webhook. `attempts` counts all tries, `tries` those since it was last queued."""

    delivery_id: str
    webhook_id: str
    event_id: str
    state: DeliveryState
    attempts: int = 0
    tries: int = 0
    made_at: AwareDatetime
    next_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None


class DeliveryAttempt(Frozen):
    """One try to deliver. `status` None when no answer came."""

    number: int
    at: AwareDatetime
    status: int | None
    milliseconds: int
    says: str
