"""Everything that goes wrong with a model's endpoint, each as a way of answering."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from evals.fake_model.replies import LIE, completion, filled, schema_in, tools_in
from evals.fake_model.server import Answerer, Received, Response

_Wrong = Callable[[Received, Response], Response]
"""What a fault makes of a request and of the right response to it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its name, what it does to a right response, and whether asking again can bring the right one."""

    name: str
    wrong: _Wrong
    retried: bool


def _status(status: int, code: str, **headers: str) -> _Wrong:
    body = {"error": {"message": f"scripted: {code}", "type": code, "param": None, "code": code}}
    return lambda _request, _right: Response.of(body, status, **headers)


def _body(content: str | None, finish: str | None = None, refusal: str | None = None) -> _Wrong:
    return lambda _request, _right: Response.of(completion(content, finish=finish, refusal=refusal))


def _length(_request: Received, _right: Response) -> Response:
    return Response.of(completion('{"half": "an ans', finish="length"))


def _empty(_request: Received, _right: Response) -> Response:
    return Response.of({**completion(""), "choices": []})


def _mismatch(request: Received, _right: Response) -> Response:
    if schema_in(request) is None:
        return Response.of(completion(""))
    return Response.of(completion(json.dumps({"nothing": "that was asked for"})))


def _not_json(request: Received, _right: Response) -> Response:
    return Response.of(completion("" if schema_in(request) is None else '{"answer": "ends in the mid'))


def _unknown_tool(_request: Received, _right: Response) -> Response:
    return Response.of(completion(calls=[("release_letter", '{"denial": "all"}')]))


def _bad_arguments(request: Received, _right: Response) -> Response:
    names = [name for name, _ in tools_in(request)] or ["chart_search"]
    return Response.of(completion(calls=[(names[0], '{"query": "what')]))


def _loop(request: Received, _right: Response) -> Response:
    offered = tools_in(request) or [("chart_search", {})]
    name, parameters = offered[request.number % len(offered)]
    return Response.of(completion(calls=[(name, json.dumps(filled(parameters, "once more") or {}))]))


def _lie(request: Received, _right: Response) -> Response:
    schema = schema_in(request)
    return Response.of(completion(LIE if schema is None else json.dumps(filled(schema))))


def _html(_request: Received, _right: Response) -> Response:
    page = b"<!doctype html><html><body><h1>Sign in</h1></body></html>"
    return Response(page, content_type="text/html; charset=utf-8")


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("429_short", _status(429, "rate_limit_exceeded", retry_after_ms="20"), True),
        Fault("429_long", _status(429, "rate_limit_exceeded", retry_after="3600"), False),
        Fault("quota", _status(429, "insufficient_quota"), False),
        Fault("500", _status(500, "server_error"), True),
        Fault("503", _status(503, "overloaded"), True),
        # A connection ended without a word; a port nobody listens on is `dead_endpoint`.
        Fault("connect_error", lambda _q, right: replace(right, drop=True), True),
        Fault("read_timeout", lambda _q, right: replace(right, hang=True), True),
        Fault("dripping_body", lambda _q, right: replace(right, drip=0.05), True),
        Fault("cut_body", lambda _q, right: replace(right, cut=True), True),
        Fault("html_200", _html, False),
        Fault("invalid_json", _not_json, True),
        Fault("schema_mismatch", _mismatch, True),
        Fault("length_stop", _length, True),
        Fault("content_filter", _body(None, finish="content_filter"), False),
        Fault("refusal", _body(None, refusal="I cannot help with that."), False),
        Fault("empty_choices", _empty, True),
        Fault("unknown_tool", _unknown_tool, True),
        Fault("bad_tool_arguments", _bad_arguments, True),
        Fault("endless_tool_loop", _loop, False),
        Fault("lying_quote", _lie, False),
    )
}
"""By name, in the order of a request's life."""


def faulty(fault: Fault, right: Answerer, times: int | None = None) -> Answerer:
    """Return an answerer that fails so the first `times` requests (None = always) and then answers right."""
    lock = threading.Lock()
    left = times

    def answer(request: Received) -> Response:
        nonlocal left
        response = right(request)
        with lock:
            if left == 0:
                return response
            left = None if left is None else left - 1
        return fault.wrong(request, response)

    return answer
