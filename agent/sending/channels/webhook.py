"""Webhook hand-over: a signed note that names the send by ids and sha256; whoever gets it fetches the bytes by them.

Signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp`, and `webhook-signature` "v1," with the base64 of
HMAC-SHA256 over "id.timestamp.body". It is delivered at least once: a cut between the request and its answer, or an
answer that gets lost, has it posted again. The id is the send's key, and the body is the same to the byte: a receiver
that has seen the id must pass a repeat over. Every attempt stands in the ledger, with how it ended.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import httpx
import msgspec

from agent.sending.along import Along, named
from agent.sending.channels.driver import Handed, Unsendable
from agent.sending.letterbox import Envelope
from knowledge.records import Channel, Outgoing

_SECONDS = 15.0
_LARGEST_RECEIPT = 1_000_000
_AGAIN = frozenset({408, 425, 429})
_JSON = "application/json"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Webhook:
    """Posts signed notes to one address."""

    channel: Channel = "webhook"

    def __init__(
        self,
        url: str,
        secret: str,
        clock: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Post to `url` (https, or this machine), signing with `secret` ("whsec_" and base64, or plain text)."""
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as fault:
            raise Unsendable(f"{url[:80]} is no address: {fault}") from fault
        if parsed.scheme != "https" and not (parsed.scheme == "http" and parsed.host in _LOCAL):
            raise Unsendable(f"{url} is no https address: what is sent must not be read or changed on the way")
        if parsed.userinfo or parsed.query:
            raise Unsendable("the address must carry no password and no query: it stays in the ledger")
        self._url, self._secret, self._clock, self._transport = url, _key(secret), clock, transport

    @property
    def target(self) -> str:
        """Return the address."""
        return self._url

    def compose(self, envelope: Envelope, document: bytes) -> tuple[bytes, str, str]:
        """Return the note: ids and sha256, no word about a patient. The same send always has the same note.

        Where data belongs to the file, `along` names each; whoever gets the note fetches them by their sha256.
        """
        data: dict[str, object] = {
            "key": envelope.key,
            "practice_id": envelope.practice_id,
            "denial_id": envelope.denial_id,
            "approval_sha256": envelope.approval_sha256,
            "kind": envelope.kind,
            "media_type": envelope.media_type,
            "sha256": envelope.file_sha256,
        }
        if envelope.along:
            data["along"] = [named(file.kind, file.file_name, file.media_type, file.sha256) for file in envelope.along]
        note = {"type": "overturn.send", "timestamp": envelope.queued_at.isoformat(), "data": data}
        return msgspec.json.encode(note), f"{envelope.key}.json", _JSON

    def taken_along(self, envelope: Envelope, name: str, data: tuple[Along, ...]) -> tuple[Along, ...]:
        """Return the data as it is: the note names it."""
        return data

    def prepare(self, outgoing: Outgoing, content: bytes, along: tuple[bytes, ...] = ()) -> None:
        """Nothing is to be prepared."""

    def hand_over(self, outgoing: Outgoing, content: bytes) -> Handed:
        """Post the note; the answer's body is the receipt."""
        at = str(int(self._clock().timestamp()))
        headers = {
            "accept-encoding": "identity",
            "content-type": _JSON,
            "webhook-id": outgoing.key,
            "webhook-timestamp": at,
            "webhook-signature": signature(self._secret, outgoing.key, at, content),
        }
        try:
            with (
                httpx.Client(timeout=_SECONDS, transport=self._transport, follow_redirects=False) as client,
                client.stream("POST", outgoing.target, content=content, headers=headers) as answer,
            ):
                return _handed(answer)
        except httpx.HTTPError as fault:
            return Handed("retry", f"no answer ({type(fault).__name__})")

    def abandon(self, outgoing: Outgoing) -> Handed | None:
        """Say that nothing can be taken back: what was posted before a cut may have arrived."""
        return None


def _handed(answer: httpx.Response) -> Handed:
    if answer.is_success:
        return Handed("receipted", f"answered {answer.status_code}", _body(answer))
    if answer.status_code in _AGAIN or answer.is_server_error:
        return Handed("retry", f"answered {answer.status_code}")
    if answer.is_redirect:
        says = f"answered {answer.status_code} and points elsewhere: it is not followed; give the final address"
        return Handed("refused", says)
    return Handed("refused", f"answered {answer.status_code}: the address or the signature is not accepted")


def _body(answer: httpx.Response) -> bytes:
    """Read a receipt as it comes, up to a bound in size and time: that it was taken is said by its status alone."""
    body, until = bytearray(), time.monotonic() + _SECONDS
    with suppress(httpx.HTTPError):
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) >= _LARGEST_RECEIPT or time.monotonic() > until:
                break
    return bytes(body[:_LARGEST_RECEIPT])


def signature(secret: bytes, key: str, at: str, body: bytes) -> str:
    """Return the signature header of a note: `at` in seconds since 1970."""
    digest = hmac.new(secret, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _key(secret: str) -> bytes:
    if len(secret) < 16:
        raise Unsendable("the webhook's secret is missing or shorter than 16 characters (OVERTURN_WEBHOOK_SECRET)")
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as fault:
        raise Unsendable("the webhook's secret begins with whsec_ and is not base64 after it") from fault
