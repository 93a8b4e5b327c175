import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from model_builders import KEY, MESSAGES, POST, SAID, SCHEMA, SEARCH, Ticking, model

from agent.model import ModelFault
from agent.model.client import EndpointModel
from evals.fake_model import completion

RIGHT = {"answer": "yes", "n": 1}


@pytest.fixture
def route() -> Iterator[respx.Route]:
    with respx.mock(assert_all_called=False) as mocked:
        yield mocked.post(POST)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def asked(clock: Ticking) -> Iterator[EndpointModel]:
    with model(clock) as made:
        yield made


def _json(body: dict[str, Any], status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


def _right() -> httpx.Response:
    return _json(completion(json.dumps(RIGHT)))


def _error(status: int, code: str, **headers: str) -> httpx.Response:
    return _json({"error": {"message": f"about {SAID}", "code": code, "param": None}}, status, **headers)


def _fault(asked: EndpointModel) -> ModelFault:
    with pytest.raises(ModelFault) as caught:
        asked.ask(MESSAGES, tools=[SEARCH], schema=SCHEMA, seconds=90)
    return caught.value


def test_respx_intercepts_the_installed_openai_and_no_socket_is_opened(
    route: respx.Route, asked: EndpointModel
) -> None:
    # Sockets other than unix ones are switched off here: a request that escaped respx would raise.
    route.mock(return_value=_right())
    assert asked.ask(MESSAGES, schema=SCHEMA, seconds=90).parsed == RIGHT
    assert route.call_count == 1


def test_without_respx_the_request_is_stopped_at_the_socket(clock: Ticking) -> None:
    with model(clock, retries=0) as asked:
        assert _fault(asked).kind in ("unreachable", "cut_off")


PASSING = {
    "429 short": _error(429, "rate_limit_exceeded", **{"retry-after": "2"}),
    "500": _error(500, "server_error"),
    "503": _error(503, "overloaded"),
    "connect": httpx.ConnectError(SAID),
    "read timeout": httpx.ReadTimeout(SAID),
    "cut": httpx.RemoteProtocolError(SAID),
    "cut json": httpx.Response(200, content=json.dumps(completion("x")).encode()[:90]),
    "empty choices": _json({**completion("x"), "choices": []}),
    "invalid json": _json(completion('{"answer": ')),
    "mismatch": _json(completion('{"answer": 3}')),
    "length": _json(completion('{"answer', finish="length")),
    "unknown tool": _json(completion(calls=[("send_fax", "{}")])),
    "bad arguments": _json(completion(calls=[("chart_search", '{"q')])),
    "status in the body": _json({"error": {"code": 502, "message": SAID}}),
}


@pytest.mark.parametrize("name", sorted(PASSING))
def test_a_fault_that_passes_is_asked_again_and_right(name: str, route: respx.Route, asked: EndpointModel) -> None:
    route.mock(side_effect=[PASSING[name], _right()])
    reply = asked.ask(MESSAGES, tools=[SEARCH], schema=SCHEMA, seconds=90)
    assert reply.parsed == RIGHT
    assert reply.usage.requests == 2


LASTING = {
    "429 long": (_error(429, "rate_limit_exceeded", **{"retry-after": "3600"}), "rate_limited", 1),
    "429 short": (PASSING["429 short"], "rate_limited", 4),
    "quota": (_error(429, "insufficient_quota"), "out_of_quota", 1),
    "500": (PASSING["500"], "server_error", 4),
    "503": (PASSING["503"], "server_error", 4),
    "connect": (PASSING["connect"], "unreachable", 4),
    "read timeout": (PASSING["read timeout"], "timed_out", 4),
    "cut": (PASSING["cut"], "cut_off", 4),
    "html": (httpx.Response(200, html="<html>Sign in</html>"), "not_the_api", 1),
    "a list": (httpx.Response(200, json=[SAID]), "not_the_api", 1),
    "invalid json": (PASSING["invalid json"], "not_json", 2),
    "mismatch": (PASSING["mismatch"], "schema_mismatch", 2),
    "length": (PASSING["length"], "length", 2),
    "content filter": (_json(completion(SAID, finish="content_filter")), "content_filter", 1),
    "filtered request": (_error(400, "content_filter"), "content_filter", 1),
    "refusal": (_json(completion(None, refusal=SAID)), "refusal", 1),
    "empty choices": (PASSING["empty choices"], "empty", 4),
    "empty": (_json(completion("  ")), "empty", 4),
    "unknown tool": (PASSING["unknown tool"], "tool_misuse", 2),
    "bad arguments": (PASSING["bad arguments"], "tool_misuse", 2),
    "key": (_error(401, "invalid_api_key"), "rejected", 1),
    "moved": (httpx.Response(307, headers={"location": "https://example.org/"}), "rejected", 1),
}


@pytest.mark.parametrize("name", sorted(LASTING))
def test_a_fault_that_lasts_is_told_by_kind_and_without_a_word_of_request_or_answer(
    name: str, route: respx.Route, asked: EndpointModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer, kind, requests = LASTING[name]
    route.mock(side_effect=[answer] * 10)
    fault = _fault(asked)
    assert (fault.kind, fault.usage.requests) == (kind, requests)
    told = "".join(traceback.format_exception(fault)) + caplog.text + repr(asked) + repr(fault.__context__)
    assert SAID not in told
    assert KEY not in told


def test_the_wait_a_server_asks_for_is_kept_and_waits_grow(
    route: respx.Route, asked: EndpointModel, clock: Ticking
) -> None:
    route.mock(side_effect=[PASSING["429 short"], PASSING["500"], PASSING["500"], _right()])
    asked.ask(MESSAGES, schema=SCHEMA, seconds=90)
    assert clock.slept == [2.0, 1.0, 2.0]


def test_no_wait_goes_beyond_the_time_given(route: respx.Route, asked: EndpointModel, clock: Ticking) -> None:
    route.mock(side_effect=[_error(503, "x", **{"retry-after": "9"})] * 5)
    with pytest.raises(ModelFault):
        asked.ask(MESSAGES, seconds=10)
    assert clock.slept == [9.0]


def test_the_breaker_opens_after_five_failures_says_so_and_tries_once_later(
    route: respx.Route, asked: EndpointModel, clock: Ticking
) -> None:
    route.mock(side_effect=[_error(401, "invalid_api_key")] * 6 + [_right()])
    assert [_fault(asked).kind for _ in range(5)] == ["rejected"] * 5
    assert asked.breaker.says is not None
    fault = _fault(asked)
    assert (fault.kind, route.call_count) == ("switched_off", 5)
    assert "300 s" in fault.says
    clock.now += 301
    assert (_fault(asked).kind, route.call_count) == ("rejected", 6)
    assert _fault(asked).kind == "switched_off"
    clock.now += 301
    assert asked.ask(MESSAGES, schema=SCHEMA, seconds=90).parsed == RIGHT
    assert asked.breaker.says is None


def test_answers_that_cannot_be_used_do_not_open_the_breaker(route: respx.Route, asked: EndpointModel) -> None:
    route.mock(return_value=_json(completion(None, refusal="no")))
    assert [_fault(asked).kind for _ in range(8)] == ["refusal"] * 8
