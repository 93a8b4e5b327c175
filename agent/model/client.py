"""The client of an endpoint that speaks chat completions: OpenAI, Azure OpenAI, vLLM and others that are compatible.

The only importer of openai. Its own retries are off: a spent quota is not worth a second request, and a deadline must
hold over all requests of one asking. Bodies are read here and not by its types, which let a page of HTML through.
No text of a request or an answer and no key stands in any log line or exception that leaves this module.
"""

import asyncio
import logging
import random
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpx
import openai

from agent.model.answers import Unusable, body_of, read, usage_of
from agent.model.asking import FaultKind, Message, ModelFault, Reply, ResponseSchema, Tool, Usage
from agent.model.breaker import Breaker
from agent.model.dialect import Dialect, request
from agent.model.failures import Failure, of_status
from agent.model.private_loop import PrivateLoop
from agent.model.settings import ModelSettings

LONGEST_WAIT = 20.0
"""Seconds a server's Retry-After may ask for and still be waited out; longer, and the asking fails at once."""

_HTTP_LOGS = (
    *("openai", "openai._base_client", "openai._response", "openai._legacy_response", "httpx"),
    *("httpcore", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"),
)


@dataclass(slots=True)
class _Asking:
    """What one asking has come to so far."""

    messages: list[Message]
    tools: Sequence[Tool]
    schema: ResponseSchema | None
    dialect: Dialect
    max_tokens: int
    began: float
    ends: float
    spent: Usage = field(default_factory=Usage)
    failed: int = 0
    corrected: bool = False
    lengthened: bool = False


class EndpointModel:
    """A model behind an endpoint. Any number of threads may ask; `settings.concurrency` requests are under way at once.

    `clock` is in seconds and never runs backwards; `sleep` waits between retries; `jitter` is in 0..1. Close it, or use
    it as a context manager.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._clock, self._sleep, self._jitter, self._now = settings, clock, sleep, jitter, now
        self.breaker = Breaker(settings.breaker_failures, settings.breaker_seconds, clock)
        self._dialect = Dialect()
        self._lock = threading.Lock()
        self._places = asyncio.Semaphore(settings.concurrency)
        # At debug level these write whole requests, and the key with them.
        for name in _HTTP_LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        client = _client(settings)
        self._client = client
        self._loop = PrivateLoop("model", client.close)

    def __repr__(self) -> str:
        return f"EndpointModel({self._settings.name!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The model's name as it goes into the record."""
        return self._settings.name

    def close(self) -> None:
        """Cancel what is under way and close the connections."""
        self._loop.close()

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Ask once and return a usable answer within `seconds` of wall clock, waiting and retries included.

        Raises:
            ModelFault: no usable answer, and of what kind; `usage` on it is what it cost all the same.
        """
        began = self._clock()
        if seconds <= 0:
            raise ModelFault("over_budget", "no time is left to ask")
        self.breaker.enter()
        asking = _Asking(
            list(messages), tools, schema, self._dialect, self._settings.max_output_tokens, began, began + seconds
        )
        try:
            ended = self._loop.run(self._within(asking, seconds))
        except BaseException:
            self.breaker.left()
            raise
        usage = asking.spent.model_copy(update={"seconds": self._clock() - began})
        if isinstance(ended, Reply):
            self.breaker.worked()
            return ended.model_copy(update={"usage": usage})
        if ended.unhealthy:
            self.breaker.failed(ended.kind)
        else:
            self.breaker.left()
        raise ModelFault(ended.kind, ended.says, usage)

    async def _within(self, asking: _Asking, seconds: float) -> Reply | Failure | Unusable:
        try:
            async with asyncio.timeout(seconds):
                return await self._until_usable(asking)
        except TimeoutError:
            sent = asking.spent.requests
            # Without a request nothing is known of the endpoint: all places were taken by others.
            says = f"no answer within {seconds:.0f} s" if sent else f"no place free within {seconds:.0f} s"
            return Failure("timed_out", says, unhealthy=sent > 0)

    async def _until_usable(self, asking: _Asking) -> Reply | Failure | Unusable:
        while True:
            outcome = await self._request(asking)
            if isinstance(outcome, Failure):
                stepped = asking.dialect.without(outcome, keep_store=self._keep_store)
                if stepped is not None:
                    asking.dialect = stepped
                    continue
            if isinstance(outcome, Reply):
                self._remember(asking.dialect)
                return outcome
            if isinstance(outcome, Unusable) and self._corrects(asking, outcome):
                continue
            if not outcome.again or not await self._waits(asking, outcome):
                return outcome

    async def _waits(self, asking: _Asking, outcome: Failure | Unusable) -> bool:
        """Wait before asking again; False where that is not worth it any more."""
        if asking.failed >= self._settings.retries:
            return False
        backoff = self._settings.first_wait * 2**asking.failed * (0.5 + self._jitter())
        told = outcome.wait if isinstance(outcome, Failure) else None
        wait = max(told, backoff * 0.1) if told is not None else backoff
        if (told is not None and told > LONGEST_WAIT) or self._clock() + wait >= asking.ends:
            return False
        asking.failed += 1
        await self._sleep(wait)
        return True

    def _corrects(self, asking: _Asking, outcome: Unusable) -> bool:
        """Prepare the one further request that an unusable answer gets: the model told, or given room to finish."""
        if outcome.kind == "length" and not asking.lengthened:
            asking.lengthened = True
            asking.max_tokens *= 2
            return True
        if not outcome.ask or asking.corrected:
            return False
        asking.corrected = True
        if outcome.unenforced:
            asking.dialect = replace(asking.dialect, spoken=True)
        before = [outcome.answered] if outcome.answered else []
        asking.messages = [*asking.messages, *before, {"role": "user", "content": outcome.ask}]
        return True

    async def _request(self, asking: _Asking) -> Reply | Failure | Unusable:
        written = request(
            self._settings, asking.dialect, asking.messages, asking.tools, asking.schema, asking.max_tokens
        )
        async with self._places:
            asking.spent = asking.spent.model_copy(update={"requests": asking.spent.requests + 1})
            content = await self._send(written)
        body = body_of(content) if isinstance(content, bytes) else content
        if not isinstance(body, dict):
            return body
        if "choices" not in body and isinstance(body.get("error"), dict):
            return self._error_in(body)
        asking.spent = _added(asking.spent, usage_of(body))
        return read(body, asking.tools, asking.schema)

    def _error_in(self, body: dict[str, Any]) -> Failure | Unusable:
        """Return what an error told with status 200 means, as some gateways do."""
        code = body["error"].get("code")
        if isinstance(code, int) and 400 <= code < 600:
            return of_status(code, {}, body, self._now)
        return Unusable("not_the_api", "the body is an error and no chat completion", unhealthy=True)

    async def _send(self, written: dict[str, Any]) -> bytes | Failure:
        """Send one request and return the body. What the libraries raise ends here, for it quotes the request."""
        try:
            async with asyncio.timeout(self._settings.attempt_seconds):
                raw = await self._client.chat.completions.with_raw_response.create(**written)
                return bytes(raw.content)
        except TimeoutError:
            return _timed_out(self._settings.attempt_seconds)
        except openai.APITimeoutError as error:
            if isinstance(error.__cause__, httpx.ConnectTimeout):
                return Failure("unreachable", "no connection", again=True)
            return _timed_out(self._settings.attempt_seconds)
        except openai.APIConnectionError as error:
            return _broken(error.__cause__)
        except openai.APIStatusError as error:
            return of_status(error.status_code, error.response.headers, error.body, self._now)
        except httpx.HTTPError as error:
            return _broken(error)
        except (openai.OpenAIError, httpx.InvalidURL, ValueError, TypeError) as error:
            return Failure("rejected", f"the request cannot be sent ({type(error).__name__})", unhealthy=False)

    @property
    def _keep_store(self) -> bool:
        """Whether `store` must be said: an endpoint that knows it may keep requests where it is left out."""
        host = httpx.URL(self._settings.base_url).host
        return host == "openai.com" or host.endswith(".openai.com")

    def _remember(self, dialect: Dialect) -> None:
        with self._lock:
            self._dialect = dialect


def _timed_out(seconds: float) -> Failure:
    return Failure("timed_out", f"no answer to a request within {seconds:.0f} s", again=True)


def _broken(cause: BaseException | None) -> Failure:
    kind: FaultKind = "unreachable" if isinstance(cause, httpx.ConnectError | httpx.ProxyError) else "cut_off"
    if cause is None or isinstance(cause, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Failure("rejected", "the request cannot be sent", unhealthy=True)
    says = "no connection" if kind == "unreachable" else "the connection ended before the answer did"
    return Failure(kind, says, again=True)


def _added(spent: Usage, more: Usage) -> Usage:
    return spent.model_copy(
        update={
            "input_tokens": spent.input_tokens + more.input_tokens,
            "cached_tokens": spent.cached_tokens + more.cached_tokens,
            "output_tokens": spent.output_tokens + more.output_tokens,
        }
    )


@cache
def _certificates(trust_env: bool) -> ssl.SSLContext:
    """Return whom to trust, read once: it takes longer than all else in making a client."""
    return httpx.create_ssl_context(trust_env=trust_env)


def _client(settings: ModelSettings) -> openai.AsyncOpenAI:
    limits = httpx.Limits(max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency)
    # A redirect, or a proxy before a loopback endpoint, would carry the request off to where it may not go.
    http = httpx.AsyncClient(
        timeout=httpx.Timeout(settings.attempt_seconds, connect=min(10.0, settings.attempt_seconds)),
        limits=limits,
        follow_redirects=False,
        trust_env=not settings.loopback,
        verify=_certificates(not settings.loopback),
    )
    key = settings.api_key.get_secret_value() or "none"
    if settings.azure:
        return openai.AsyncAzureOpenAI(
            azure_endpoint=settings.base_url,
            api_version=settings.api_version,
            api_key=key,
            max_retries=0,
            http_client=http,
        )
    return openai.AsyncOpenAI(base_url=settings.base_url, api_key=key, max_retries=0, http_client=http)
