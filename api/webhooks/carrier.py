"""Carry one delivery to its receiver: one request, no redirect, no proxy, to the address that was judged."""

import ssl
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import NamedTuple

import httpx

from api.webhooks.destinations import DestinationRefused, Resolve, resolve_system, resolved


class Carried(NamedTuple):
    """What came of a try. `status` None = no answer; `retry_after` is what the receiver asked for."""

    status: int | None
    milliseconds: int
    says: str
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        """Tell whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Tell whether the receiver wants no more, ever."""
        return self.status == 410


@cache
def _certificates() -> ssl.SSLContext:
    """Return whom to trust, read once: it takes longer than all else a server does when it starts."""
    return httpx.create_ssl_context(trust_env=False)


class Carrier:
    """Sends signed messages. Of what comes back only the head is read: a receiver may repeat what it likes."""

    def __init__(
        self,
        timeout: float,
        *,
        loopback: bool = False,
        resolve: Resolve = resolve_system,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Give up after `timeout` seconds in all; `loopback` allows receivers on this machine."""
        self._timeout, self._loopback, self._resolve = timeout, loopback, resolve
        self._client = httpx.Client(
            verify=_certificates(),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            http2=False,
        )

    def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> Carried:
        """Try once."""
        begun = time.monotonic()

        def tried(status: int | None, says: str, retry_after: timedelta | None = None) -> Carried:
            return Carried(status, int((time.monotonic() - begun) * 1000), says, retry_after)

        try:
            to = resolved(url, loopback=self._loopback, resolve=self._resolve)
        except DestinationRefused as refused:
            return tried(None, f"not sent: {refused}")
        except (OSError, UnicodeError) as error:
            return tried(None, f"the host cannot be found ({type(error).__name__})")
        sent = {**headers, "host": to.host_header, "connection": "close"}
        extensions = {"sni_hostname": to.host} if to.scheme == "https" else {}
        try:
            with self._client.stream("POST", to.url, headers=sent, content=body, extensions=extensions) as answer:
                status = answer.status_code
                asked = _seconds(answer.headers.get("retry-after", "")) if status in (429, 503) else None
        except httpx.TimeoutException:
            return tried(None, f"no answer within {self._timeout:g} seconds")
        except httpx.HTTPError as error:
            return tried(None, f"the connection failed ({type(error).__name__})")
        return tried(status, _says(status), asked)

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()


def _says(status: int) -> str:
    if 200 <= status < 300:
        return "taken"
    if 300 <= status < 400:
        return f"answered {status}: redirects are not followed"
    return "answered 410: wants no more" if status == 410 else f"answered {status}"


def _seconds(text: str) -> timedelta | None:
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 8 else None
