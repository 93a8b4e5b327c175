from collections.abc import Sequence

import pytest

from agent.model import Message, Model, ModelFault, Reply, ResponseSchema, Tool
from evals.fake_model import FAULTS, answer_of
from evals.fake_model.replies import LIE
from evals.suites import faults
from evals.suites.faults import CallSite, Result, asking

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LISTED = {
    *("429_short", "429_long", "quota", "500", "503", "connect_error", "read_timeout", "dripping_body", "cut_body"),
    *("html_200", "invalid_json", "schema_mismatch", "length_stop", "content_filter", "refusal", "empty_choices"),
    *("unknown_tool", "bad_tool_arguments", "endless_tool_loop", "lying_quote"),
}


def test_every_fault_at_every_call_site_ends_well() -> None:
    report = faults.run()
    assert report.failures == ()
    assert report.failed == 0
    assert report.tried >= 2 * len(LISTED) * 7


def test_the_list_of_faults_is_whole() -> None:
    assert set(FAULTS) == LISTED


def _site(work: object) -> CallSite:
    assert callable(work)
    return CallSite("broken", work, lambda _request: answer_of({"answer": "yes"}))


def test_a_place_that_lets_a_fault_out_is_caught() -> None:
    def escapes(model: Model) -> Result:
        model.ask([{"role": "user", "content": "?"}], seconds=1)
        return Result("answered")

    failures = faults.run((_site(escapes),)).failures
    assert any("html_200" in one and "ModelFault escaped" in one for one in failures)


def test_a_place_that_believes_anything_is_caught() -> None:
    def believes(model: Model) -> Result:
        try:
            return Result("answered", model.ask([{"role": "user", "content": "?"}], seconds=1).text)
        except ModelFault:
            return Result("answered", LIE)

    failures = faults.run((_site(believes),)).failures
    assert any("a lie was taken" in one for one in failures)
    assert any("refusal, without end: answered although" in one for one in failures)


class _Impatient:
    """A client that never asks again."""

    name = "impatient"

    def __init__(self, inner: Model) -> None:
        self._inner = inner

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        reply = self._inner.ask(messages, tools=tools, schema=schema, seconds=seconds)
        if reply.usage.requests > 1:
            raise ModelFault("server_error", "not asked again")
        return reply


def test_a_client_that_does_not_retry_is_caught() -> None:
    failures = faults.run((_site(lambda model: asking(_Impatient(model))),)).failures
    assert any("500, once: one fault that passes ended in deterministic" in one for one in failures)
