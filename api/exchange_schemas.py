"""The shapes of events, webhooks, deliveries, and tasks."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Answered
from api.webhooks.destinations import LONGEST_URL
from knowledge.records import Delivery, DeliveryAttempt, Role, Webhook
from knowledge.records.sortable_ids import pattern

EventKind = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z-]+)+$", max_length=60)]
WebhookId = Annotated[str, Path(description="The webhook's id.", pattern=pattern("whk"))]
DeliveryId = Annotated[str, Path(description="The delivery's id.", pattern=pattern("dlv"))]


class EventShown(Answered):
    """Something that happened: what kind of thing, and the ids to look it up by. A webhook brings the same."""

    id: str = Field(pattern=pattern("evt"), description="Comes as `webhook-id` when it is delivered.")
    type: str = Field(
        description="`denial.` and what happened (`worked`, `waits`, `approved`, `sent`, `receipted`, `answered`, "
        "`closed`, ...), or `job.done`. There will be others: pass over those you do not know.",
        examples=["denial.worked"],
    )
    timestamp: AwareDatetime
    data: dict[str, str] = Field(
        examples=[{"practice_id": "prc_9da833d6cd81", "denial_id": "den_9521f2aa9451e870bc0e"}]
    )


class EventList(Answered):
    """Events, oldest first."""

    items: list[EventShown]
    last: str | None = Field(description="Hand it back as `after` to go on; what you sent when nothing is new.")
    more: bool = Field(description="Whether there is more to read now.")


class WebhookRequest(BaseModel):
    """Where events are to go."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        max_length=LONGEST_URL,
        json_schema_extra={"format": "uri"},
        description="https, a host out in the world; a redirect is not followed.",
        examples=["https://pms.example.com/overturn"],
    )
    kinds: list[EventKind] = Field(
        default=[], max_length=50, description="Types of events; all of them when empty.", examples=[["denial.waits"]]
    )


class WebhookChange(BaseModel):
    """What to change of a webhook; what is left out stays. One that was disabled goes on where it stopped."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, max_length=LONGEST_URL, examples=["https://pms.example.com/overturn"])
    kinds: list[EventKind] | None = Field(default=None, max_length=50, examples=[[]])
    state: Literal["active", "disabled"] | None = None


class WebhookShown(Answered):
    """A webhook. Its secret is shown once: when it is made."""

    webhook_id: str = Field(pattern=pattern("whk"))
    url: str
    kinds: list[str]
    state: Literal["active", "disabled"]
    why: str = Field(description="Why it is disabled; blank while it is not.")
    made_by: str
    made_at: AwareDatetime
    succeeded_at: AwareDatetime | None = Field(description="When it last took something.")

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookShown":
        """Write a webhook."""
        return cls.model_validate({**webhook.model_dump(exclude={"practice_id", "position", "revision"})})


class WebhookMade(WebhookShown):
    """A new webhook, with the secret its messages are signed with (Standard Webhooks 1.0)."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class SecretMade(Answered):
    """A new secret. Messages are signed with it and, until `others_end`, with those before."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    others_end: AwareDatetime


class DeliveryAttemptShown(Answered):
    """One try."""

    number: int
    at: AwareDatetime
    status: int | None = Field(description="The HTTP status; null when no answer came.")
    milliseconds: int
    says: str

    @classmethod
    def of(cls, attempt: DeliveryAttempt) -> "DeliveryAttemptShown":
        """Write a try."""
        return cls.model_validate(attempt.model_dump())


class DeliveryShown(Answered):
    """One event on its way to a webhook, with every try."""

    delivery_id: str = Field(pattern=pattern("dlv"))
    event_id: str = Field(pattern=pattern("evt"))
    state: Literal["waiting", "delivered", "failed", "ended"] = Field(
        description="`failed`: every try was made. `ended`: the webhook was disabled before."
    )
    made_at: AwareDatetime
    next_at: AwareDatetime | None = Field(description="When it is tried next.")
    ended_at: AwareDatetime | None
    attempts: list[DeliveryAttemptShown]

    @classmethod
    def of(cls, delivery: Delivery, attempts: tuple[DeliveryAttempt, ...]) -> "DeliveryShown":
        """Write a delivery."""
        values = delivery.model_dump(exclude={"webhook_id", "attempts", "tries"})
        return cls.model_validate({**values, "attempts": [DeliveryAttemptShown.of(one) for one in attempts]})


class Task(Answered):
    """Something that waits for somebody."""

    task_id: str = Field(description="The same as long as it is the same task.", examples=["tsk_review_den_9521f2aa"])
    kind: Literal["review", "answer", "send"] = Field(
        description="`review`: a decision on the denial. `answer`: a clinician's, to a question. "
        "`send`: of what is approved."
    )
    denial_id: str
    for_roles: list[Role] = Field(description="Who may do it, by role; `POST .../review` holds to it.")
    assigned_to: str | None = Field(description="Who it is assigned to; null = nobody yet.")
    due: date | None = Field(description="The day the denial's clock runs out.")
    says: str = Field(description="What is to be done, in a sentence.")
    amount_at_stake: str = Field(description="Dollars.", examples=["22800.00"])
