"""The courier: takes events from the feed, and brings each to the webhooks that want it, until it is taken.

Everything it knows stands in the records, and every step is stored before the next: killed at any point, it goes on
there after the next start. At worst an event comes twice; its `webhook-id` is the same then.
"""

import logging
import os
import random
import threading
from datetime import timedelta

from sqlalchemy.exc import DatabaseError

from agent.office import Office
from api.webhooks.carrier import Carried, Carrier
from api.webhooks.messages import body_of, signed_headers
from api.webhooks.schedule import Schedule, schedule
from knowledge.records import Delivery, DeliveryAttempt, FeedEvent, Webhook, sortable_id

_log = logging.getLogger(__name__)
_BATCH = 200


class Courier:
    """Brings events to webhooks."""

    def __init__(self, office: Office, carrier: Carrier, timing: Schedule | None = None) -> None:
        """Bring what happens in `office` by `carrier`; nothing goes before `start` or `run_once`."""
        self._office, self._carrier, self._timing = office, carrier, timing or schedule()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._chance = random.Random()

    def start(self) -> None:
        """Go on until stopped, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the try at hand."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(self._timing.timeout_seconds + 5)
        self._carrier.close()

    def run_once(self) -> int:
        """Queue what is new and try what is due; give how many were tried."""
        with self._office.records.reading() as repository:
            active = repository.webhooks.active()
        return sum(self._bring(webhook) for webhook in active)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run_once()
            except DatabaseError as error:
                _log.error("webhooks wait: the records cannot be used", exc_info=error)
            self._stopping.wait(self._timing.poll_seconds)

    def _bring(self, webhook: Webhook) -> int:
        """Queue what is new for a webhook and try what is due: until one fails, for those that follow would too."""
        self._queue(webhook)
        with self._office.records.reading() as repository:
            due = repository.webhooks.due(webhook.webhook_id, self._office.clock(), _BATCH)
        tried = 0
        for delivery in due:
            if self._stopping.is_set():
                break
            taken = self._try(delivery)
            tried += taken is not None
            if taken is False:
                break
        return tried

    def _queue(self, webhook: Webhook) -> None:
        with self._office.records.reading() as repository:
            if repository.feed.last(webhook.practice_id) <= webhook.position:
                return
        with self._office.records.transaction() as repository:
            now = self._office.clock()
            events = repository.feed.after(webhook.practice_id, webhook.position, _BATCH)
            wanted = [one for one in events if not webhook.kinds or one.kind in webhook.kinds]
            queued = [(sortable_id("dlv", now, os.urandom(10)), one) for one in wanted]
            repository.webhooks.enqueue(webhook, queued, events[-1].position, now)

    def _try(self, delivery: Delivery) -> bool | None:
        """Try a delivery; tell whether it was taken, None when it was not for us to try."""
        now, lease = self._office.clock(), timedelta(seconds=self._timing.lease_seconds)
        with self._office.records.transaction() as repository:
            event = repository.feed.get(delivery.event_id)
            webhook = repository.webhooks.find(delivery.webhook_id)
            if event is None or webhook is None or webhook.state != "active":
                return None
            if not repository.webhooks.claim(delivery, now, lease):
                return None
            signing = [one.secret for one in repository.webhooks.secrets(webhook.webhook_id, now)]
        carried = self._carry(webhook, event, signing)
        after, attempt = self._after(delivery, carried)
        with self._office.records.transaction() as repository:
            repository.webhooks.tried(after, attempt)
            if carried.gone:
                repository.webhooks.disable(webhook.webhook_id, "the receiver answered 410 (gone)", attempt.at)
            elif after.state == "failed":
                repository.webhooks.disable_unless_succeeded(
                    webhook.webhook_id, delivery.made_at, "nothing was taken in days of trying", attempt.at
                )
        return carried.delivered

    def _carry(self, webhook: Webhook, event: FeedEvent, signing: list[str]) -> Carried:
        body = body_of(event)
        headers = signed_headers(event.event_id, self._office.clock(), body, signing)
        return self._carrier.carry(webhook.url, headers, body)

    def _after(self, delivery: Delivery, carried: Carried) -> tuple[Delivery, DeliveryAttempt]:
        now = self._office.clock()
        attempts, tries = delivery.attempts + 1, delivery.tries + 1
        attempt = DeliveryAttempt(
            number=attempts, at=now, status=carried.status, milliseconds=carried.milliseconds, says=carried.says
        )
        wait = self._timing.wait(tries, self._chance.random(), carried.retry_after)
        counted = {"attempts": attempts, "tries": tries}
        if carried.delivered:
            stands: dict[str, object] = {"state": "delivered", "next_at": None, "ended_at": now}
        elif carried.gone or wait is None:
            stands = {"state": "ended" if carried.gone else "failed", "next_at": None, "ended_at": now}
        else:
            stands = {"state": "waiting", "next_at": now + wait}
        return delivery.model_copy(update={**counted, **stands}), attempt
