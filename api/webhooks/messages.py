"""What a webhook carries: the kind of event and ids, signed. Nothing of a patient leaves by this way."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from standardwebhooks import Webhook as Signer

from knowledge.records import FeedEvent

SECRET_BYTES = 32


def event_document(event: FeedEvent) -> dict[str, Any]:
    """Write an event as the feed and the webhooks give it."""
    subject = "job_id" if event.subject.startswith("job_") else "denial_id"
    return {
        "id": event.event_id,
        "type": event.kind,
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "data": {"practice_id": event.practice_id, subject: event.subject},
    }


def body_of(event: FeedEvent) -> bytes:
    """Write the body of a delivery: the same for every try."""
    document = event_document(event)
    document.pop("id")  # it goes as `webhook-id`
    return msgspec.json.encode(document)


def new_secret() -> str:
    """Make a secret as receivers' libraries take it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(event_id: str, at: datetime, body: bytes, signing: Sequence[str]) -> dict[str, str]:
    """Give the headers of a try: id, moment, and one signature for each secret, so that either verifies."""
    signatures = [Signer(secret).sign(event_id, at, body.decode()) for secret in signing]
    return {
        "content-type": "application/json",
        "user-agent": "Overturn-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
