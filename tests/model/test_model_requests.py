import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from model_builders import MESSAGES, POST, SCHEMA, SEARCH, Ticking, model

from agent.model.client import EndpointModel
from evals.fake_model import completion

RIGHT = {"answer": "yes", "n": 1}


@pytest.fixture
def route() -> Iterator[respx.Route]:
    with respx.mock(assert_all_called=False) as mocked:
        yield mocked.post(POST)


@pytest.fixture
def asked() -> Iterator[EndpointModel]:
    with model(Ticking()) as made:
        yield made


def _sent(route: respx.Route, number: int = -1) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(route.calls[number].request.content)
    return body


def _rejects(word: str) -> httpx.Response:
    return httpx.Response(400, json={"error": {"message": f"Unsupported parameter: '{word}'", "param": word}})


def _right() -> httpx.Response:
    return httpx.Response(200, json=completion(json.dumps(RIGHT), usage=(900, 700, 30)))


def test_a_request_is_not_stored_and_strict(route: respx.Route, asked: EndpointModel) -> None:
    route.mock(return_value=_right())
    reply = asked.ask(MESSAGES, tools=[SEARCH], schema=SCHEMA, seconds=90)
    sent = _sent(route)
    assert sent["store"] is False
    assert (sent["temperature"], sent["max_completion_tokens"], sent["parallel_tool_calls"]) == (0, 4000, True)
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert sent["tools"][0]["function"]["strict"] is True
    assert sent["messages"] == MESSAGES
    assert (reply.usage.input_tokens, reply.usage.cached_tokens, reply.usage.output_tokens) == (900, 700, 30)


@pytest.mark.parametrize("word", ["max_completion_tokens", "temperature", "seed", "store", "response_format"])
def test_a_parameter_the_endpoint_rejects_is_left_out_or_written_otherwise_and_remembered(
    word: str, route: respx.Route, asked: EndpointModel
) -> None:
    route.mock(side_effect=[_rejects(word), _right(), _right()])
    for _ in range(2):
        assert asked.ask(MESSAGES, schema=SCHEMA, seconds=90).parsed == RIGHT
    assert route.call_count == 3
    sent = _sent(route)
    if word == "max_completion_tokens":
        assert sent["max_tokens"] == 4000
    if word == "response_format":
        assert sent["response_format"] == {"type": "json_object"}
        assert json.dumps(SCHEMA.schema_, sort_keys=True) in sent["messages"][0]["content"]
    else:
        assert word not in sent


def test_what_was_left_out_in_vain_is_not_remembered(route: respx.Route, asked: EndpointModel) -> None:
    wrong = httpx.Response(400, json={"error": {"message": "no"}})
    route.mock(side_effect=[_rejects("seed"), wrong, _right()])
    with pytest.raises(Exception, match="rejected"):
        asked.ask(MESSAGES, seconds=90)
    asked.ask(MESSAGES, seconds=90)
    assert "seed" in _sent(route)


def test_a_schema_the_endpoint_does_not_hold_the_model_to_is_spoken_from_then_on(
    route: respx.Route, asked: EndpointModel
) -> None:
    prose = httpx.Response(200, json=completion("Gladly: yes."))
    route.mock(side_effect=[prose, _right(), _right()])
    asked.ask(MESSAGES, schema=SCHEMA, seconds=90)
    asked.ask(MESSAGES, schema=SCHEMA, seconds=90)
    assert "JSON schema" in _sent(route)["messages"][0]["content"]
    assert "JSON schema" not in _sent(route, 0)["messages"][0]["content"]


@pytest.mark.parametrize(
    "text", ['```json\n{"answer": "yes", "n": 1}\n```', '<think>{a}</think>{"answer":"yes","n":1}']
)
def test_an_object_in_a_fence_or_after_a_thought_is_read(text: str, route: respx.Route, asked: EndpointModel) -> None:
    route.mock(return_value=httpx.Response(200, json=completion(text)))
    assert asked.ask(MESSAGES, schema=SCHEMA, seconds=90).parsed == RIGHT


def test_several_calls_of_tools_are_read_and_can_be_sent_back(route: respx.Route, asked: EndpointModel) -> None:
    calls = [("chart_search", '{"query": "a"}'), ("chart_search", '{"query": "b"}')]
    route.mock(return_value=httpx.Response(200, json=completion(calls=calls)))
    reply = asked.ask(MESSAGES, tools=[SEARCH], schema=SCHEMA, seconds=90)
    assert [call.arguments["query"] for call in reply.calls] == ["a", "b"]
    assert [call["id"] for call in reply.message["tool_calls"]] == [call.id for call in reply.calls]


def test_azure_is_spoken_to_by_deployment_and_version() -> None:
    with (
        respx.mock as mocked,
        model(Ticking(), base_url="https://clinic.openai.azure.com", api_version="2024-10-21") as asked,
    ):
        route = mocked.post(
            "https://clinic.openai.azure.com/openai/deployments/m-1/chat/completions?api-version=2024-10-21"
        ).mock(return_value=_right())
        asked.ask(MESSAGES, schema=SCHEMA, seconds=90)
        assert route.calls[0].request.headers["api-key"]
