"""Tables of webhooks: where events go, with what secrets, and every try to bring one there."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class WebhookRow(RecordTable, table=True):
    """Where events of a practice go. `position` is the last event of the feed that has been queued for it."""

    __tablename__ = "webhook"

    webhook_id: str = Field(primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", index=True)
    url: str
    kinds: str
    state: str
    why: str = ""
    revision: int = 1
    position: int = Field(sa_type=BigInteger)
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    succeeded_at: datetime | None = Field(default=None, sa_type=Moment)


class WebhookSecretRow(RecordTable, table=True):
    """A secret that deliveries are signed with until `ends_at`; several while one takes another's place."""

    __tablename__ = "webhook_secret"

    webhook_id: str = Field(primary_key=True, foreign_key="webhook.webhook_id", ondelete="CASCADE")
    secret_id: str = Field(primary_key=True)
    secret: str
    made_at: datetime = Field(sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)


class DeliveryRow(RecordTable, table=True):
    """One event for one webhook. `next_at` is when it is tried next; who tries it moves that on first.

    `attempts` counts all tries, `tries` those since it was last queued.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_delivery_due", "webhook_id", "state", "next_at"),
        Index("ix_delivery_webhook", "webhook_id", "delivery_id"),
    )

    delivery_id: str = Field(primary_key=True)
    webhook_id: str = Field(foreign_key="webhook.webhook_id", ondelete="CASCADE")
    event_id: str
    state: str
    attempts: int = 0
    tries: int = 0
    made_at: datetime = Field(sa_type=Moment)
    next_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class DeliveryAttemptRow(RecordTable, table=True):
    """One try: what came back, and how long it took."""

    __tablename__ = "delivery_attempt"

    delivery_id: str = Field(primary_key=True, foreign_key="delivery.delivery_id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    status: int | None = None
    milliseconds: int
    says: str
