"""Webhooks and their deliveries: queued from the feed, claimed by whoever tries them, kept with every try."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select, update

from knowledge.records.exchange import Delivery, DeliveryAttempt, FeedEvent, Webhook, WebhookSecret
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables import DeliveryAttemptRow, DeliveryRow, WebhookRow, WebhookSecretRow


class Webhooks:
    """Webhooks, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, webhook: Webhook) -> None:
        """Store a new webhook."""
        self._session.add(WebhookRow(**_values(webhook)))
        self._session.flush()

    def get(self, practice_id: str, webhook_id: str) -> Webhook | None:
        """Give a practice's webhook."""
        row = self._session.get(WebhookRow, webhook_id)
        return None if row is None or row.practice_id != practice_id else _webhook(row)

    def find(self, webhook_id: str) -> Webhook | None:
        """Give a webhook, whosever it is."""
        row = self._session.get(WebhookRow, webhook_id)
        return None if row is None else _webhook(row)

    def page(self, practice_id: str, after: str, limit: int) -> tuple[Webhook, ...]:
        """Give a practice's webhooks by id."""
        where = (WebhookRow.practice_id == practice_id, col(WebhookRow.webhook_id) > after)
        rows = self._session.exec(select(WebhookRow).where(*where).order_by(WebhookRow.webhook_id).limit(limit))
        return tuple(_webhook(row) for row in rows)

    def active(self) -> tuple[Webhook, ...]:
        """Give every practice's webhooks that take events."""
        rows = self._session.exec(
            select(WebhookRow).where(WebhookRow.state == "active").order_by(WebhookRow.webhook_id)
        )
        return tuple(_webhook(row) for row in rows)

    def change(self, webhook: Webhook) -> bool:
        """Store a webhook's next revision. False when another change came first."""
        where = (
            col(WebhookRow.webhook_id) == webhook.webhook_id,
            col(WebhookRow.revision) == webhook.revision - 1,
        )
        # Where it stands in the feed and what succeeded are the courier's, and stay.
        values = {name: value for name, value in _values(webhook).items() if name in _CHANGING}
        done = self._session.execute(update(WebhookRow).where(*where).values(**values))
        return bool(done.rowcount)  # type: ignore[attr-defined]

    def remove(self, webhook_id: str) -> None:
        """Take a webhook away, with its secrets and deliveries."""
        below = select(DeliveryRow.delivery_id).where(DeliveryRow.webhook_id == webhook_id)
        self._session.execute(delete(DeliveryAttemptRow).where(col(DeliveryAttemptRow.delivery_id).in_(below)))
        for table in (DeliveryRow, WebhookSecretRow, WebhookRow):
            self._session.execute(delete(table).where(table.webhook_id == webhook_id))  # type: ignore[arg-type]

    def disable(self, webhook_id: str, why: str, now: datetime) -> None:
        """Send a webhook nothing more, and end what was on its way."""
        where = (col(WebhookRow.webhook_id) == webhook_id, col(WebhookRow.state) == "active")
        values = {"state": "disabled", "why": why, "revision": col(WebhookRow.revision) + 1}
        self._session.execute(update(WebhookRow).where(*where).values(**values))
        self._session.execute(
            update(DeliveryRow)
            .where(col(DeliveryRow.webhook_id) == webhook_id, col(DeliveryRow.state) == "waiting")
            .values(state="ended", next_at=None, ended_at=now)
        )

    def disable_unless_succeeded(self, webhook_id: str, since: datetime, why: str, now: datetime) -> None:
        """Disable a webhook that has taken nothing since a moment."""
        row = self._session.get(WebhookRow, webhook_id, populate_existing=True)
        if row is not None and (row.succeeded_at is None or row.succeeded_at < since):
            self.disable(webhook_id, why, now)

    def add_secret(self, webhook_id: str, secret: WebhookSecret, others_end: datetime | None = None) -> None:
        """Store a secret; the others sign until `others_end` still."""
        if others_end is not None:
            ends = col(WebhookSecretRow.ends_at)
            self._session.execute(
                update(WebhookSecretRow)
                .where(col(WebhookSecretRow.webhook_id) == webhook_id, or_(ends.is_(None), ends > others_end))
                .values(ends_at=others_end)
            )
        self._session.add(WebhookSecretRow(webhook_id=webhook_id, **secret.model_dump()))
        self._session.flush()

    def secrets(self, webhook_id: str, now: datetime) -> tuple[WebhookSecret, ...]:
        """Give the secrets that sign now, the newest first."""
        ends = col(WebhookSecretRow.ends_at)
        where = (col(WebhookSecretRow.webhook_id) == webhook_id, or_(ends.is_(None), ends > now))
        rows = self._session.exec(
            select(WebhookSecretRow)
            .where(*where)
            .order_by(col(WebhookSecretRow.made_at).desc(), WebhookSecretRow.secret_id)
        )
        return tuple(WebhookSecret.model_validate(row.model_dump(exclude={"webhook_id"})) for row in rows)

    def enqueue(self, webhook: Webhook, events: Sequence[tuple[str, FeedEvent]], seen: int, now: datetime) -> None:
        """Queue events for a webhook, each with the id its delivery gets, and note how far the feed was read."""
        for delivery_id, event in events:
            values = {"delivery_id": delivery_id, "webhook_id": webhook.webhook_id, "event_id": event.event_id}
            insert_once(
                self._session,
                DeliveryRow,
                {**values, "state": "waiting", "attempts": 0, "tries": 0, "made_at": now, "next_at": now},
            )
        where = (col(WebhookRow.webhook_id) == webhook.webhook_id, col(WebhookRow.position) < seen)
        self._session.execute(update(WebhookRow).where(*where).values(position=seen))

    def due(self, webhook_id: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Give a webhook's deliveries whose time has come, the one that waits longest first."""
        due = (DeliveryRow.state == "waiting", col(DeliveryRow.next_at) <= now)
        where = (DeliveryRow.webhook_id == webhook_id, *due)
        statement = select(DeliveryRow).where(*where).order_by(col(DeliveryRow.next_at), DeliveryRow.delivery_id)
        return tuple(_delivery(row) for row in self._session.exec(statement.limit(limit)))

    def claim(self, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
        """Take a delivery to try it: nobody else does within `lease`. False when somebody was faster."""
        where = (
            col(DeliveryRow.delivery_id) == delivery.delivery_id,
            col(DeliveryRow.state) == "waiting",
            col(DeliveryRow.next_at) == delivery.next_at,
        )
        done = self._session.execute(update(DeliveryRow).where(*where).values(next_at=now + lease))
        return bool(done.rowcount)  # type: ignore[attr-defined]

    def tried(self, delivery: Delivery, attempt: DeliveryAttempt) -> None:
        """Store a try, and how the delivery stands after it."""
        self._session.add(DeliveryAttemptRow(delivery_id=delivery.delivery_id, **attempt.model_dump()))
        values = delivery.model_dump(include={"state", "attempts", "tries", "next_at", "ended_at"})
        where = col(DeliveryRow.delivery_id) == delivery.delivery_id
        self._session.execute(update(DeliveryRow).where(where).values(**values))
        if delivery.state == "delivered":
            self._session.execute(
                update(WebhookRow)
                .where(col(WebhookRow.webhook_id) == delivery.webhook_id)
                .values(succeeded_at=attempt.at)
            )
        self._session.flush()

    def again(self, delivery_id: str, now: datetime) -> None:
        """Have a delivery tried anew, from the first wait on."""
        where = (col(DeliveryRow.delivery_id) == delivery_id, col(DeliveryRow.state) != "waiting")
        values = {"state": "waiting", "tries": 0, "next_at": now, "ended_at": None}
        self._session.execute(update(DeliveryRow).where(*where).values(**values))

    def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """Give one delivery of a webhook."""
        row = self._session.get(DeliveryRow, delivery_id, populate_existing=True)
        return None if row is None or row.webhook_id != webhook_id else _delivery(row)

    def deliveries(self, webhook_id: str, before: str | None, limit: int) -> tuple[Delivery, ...]:
        """Give a webhook's deliveries, the last queued on top."""
        statement = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
        if before is not None:
            statement = statement.where(col(DeliveryRow.delivery_id) < before)
        rows = self._session.exec(statement.order_by(col(DeliveryRow.delivery_id).desc()).limit(limit))
        return tuple(_delivery(row) for row in rows)

    def attempts(self, delivery_ids: Sequence[str]) -> dict[str, tuple[DeliveryAttempt, ...]]:
        """Give every try of deliveries, in order."""
        statement = (
            select(DeliveryAttemptRow)
            .where(col(DeliveryAttemptRow.delivery_id).in_(delivery_ids))
            .order_by(DeliveryAttemptRow.delivery_id, col(DeliveryAttemptRow.number))
        )
        found: dict[str, tuple[DeliveryAttempt, ...]] = dict.fromkeys(delivery_ids, ())
        for row in self._session.exec(statement):
            attempt = DeliveryAttempt.model_validate(row.model_dump(exclude={"delivery_id"}))
            found[row.delivery_id] = (*found[row.delivery_id], attempt)
        return found


_CHANGING = frozenset({"url", "kinds", "state", "why", "revision"})


def _values(webhook: Webhook) -> dict[str, Any]:
    return {**webhook.model_dump(), "kinds": " ".join(webhook.kinds)}


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook.model_validate({**row.model_dump(), "kinds": tuple(row.kinds.split())})


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery.model_validate(row.model_dump())
