import json
from collections.abc import Sequence
from typing import Any

import pytest
from shield_people import CEDAR

from agent.model.asking import Message, ModelFault, Reply, ResponseSchema, Tool, ToolCall
from agent.shield import Shield, ShieldedModel


class Recorder:
    name = "recorder"

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[tuple[list[Message], tuple[Tool, ...], ResponseSchema | None]] = []
        self._replies = list(replies)

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        self.requests.append((list(messages), tuple(tools), schema))
        return self._replies.pop(0)

    @property
    def sent(self) -> str:
        return "\n".join(
            json.dumps([messages, [tool.model_dump() for tool in tools], schema and schema.schema_], ensure_ascii=False)
            for messages, tools, schema in self.requests
        )


def _reply(text: str = "", **more: Any) -> Reply:
    return Reply(message={"role": "assistant", "content": text}, text=text, **more)


NOTE = "Grace Okafor (DOB 03/04/1960, CHP400118) saw Dr. Ruiz."


def test_every_string_of_a_request_is_covered() -> None:
    inner = Recorder(_reply())
    tool = Tool(
        name="read",
        description="Read the chart of Okafor",
        parameters={
            "type": "object",
            "properties": {"id": {"enum": ["okafor-doc-2", "x"], "description": "CHP400118"}},
        },
    )
    messages: list[Message] = [
        {"role": "system", "content": "Tokens look like [[PATIENT-1]]."},
        {"role": "user", "name": "Okafor", "content": [{"type": "text", "text": NOTE}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "read", "arguments": '{"id": "Okafor"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": json.dumps({"who": "José Muñoz", "n": 1.50})},
    ]
    ShieldedModel(inner, Shield(CEDAR)).ask(
        messages, tools=[tool], schema=ResponseSchema(name="a", schema={"enum": ["Okafor"]}), seconds=1
    )
    sent = inner.sent
    for known in ("Okafor", "okafor", "Grace", "CHP400118", "1960", "Ruiz", "Mu", "Jos"):
        assert known not in sent, known
    assert inner.requests[0][0][0]["content"] == "Tokens look like [[PATIENT-1]]."
    assert inner.requests[0][0][3]["content"].endswith('"n": 1.5}')
    assert messages[1]["content"] == [{"type": "text", "text": NOTE}]


def test_everything_that_comes_back_is_uncovered() -> None:
    answer = {"quote": "[[PATIENT-1]] (DOB [[DOB-1:b]]", "more": [{"[[MEMBER-1]]": "[[MEMBER-1]]"}]}
    call = ToolCall(id="c", name="read", arguments={"who": "[[PATIENT-1]]"})
    covered = Reply(
        message={
            "role": "assistant",
            "content": json.dumps(answer),
            "tool_calls": [{"id": "c", "function": {"name": "read", "arguments": '{"who": "[[PATIENT-1]]"}'}}],
        },
        text=json.dumps(answer),
        parsed=answer,
        calls=(call,),
    )
    reply = ShieldedModel(Recorder(covered), Shield(CEDAR)).ask([{"role": "user", "content": NOTE}], seconds=1)
    assert reply.parsed == {"quote": "Grace Okafor (DOB 03/04/1960", "more": [{"CHP400118": "CHP400118"}]}
    assert json.loads(reply.text) == reply.parsed
    assert reply.calls[0].arguments == {"who": "Grace Okafor"}
    assert reply.message["tool_calls"][0]["function"]["arguments"] == '{"who": "Grace Okafor"}'


def test_a_talk_that_goes_on_keeps_its_tokens_and_its_beginning() -> None:
    inner = Recorder(_reply("[[PATIENT-1]] it is"), _reply())
    model = ShieldedModel(inner, Shield(CEDAR))
    messages: list[Message] = [{"role": "user", "content": NOTE}]
    first = model.ask(messages, seconds=1)
    assert first.text == "Grace Okafor it is"
    messages += [first.message, {"role": "user", "content": "And O'Connell, and Okafor?"}]
    model.ask(messages, seconds=1)
    before, after = inner.requests[0][0], inner.requests[1][0]
    assert after[:1] == before
    assert after[1]["content"] == "[[PATIENT-1]] it is"
    assert after[2]["content"] == "And [[PATIENT-2:b]], and [[PATIENT-1:b]]?"


def test_a_request_that_still_holds_something_known_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shield, "cover", lambda _self, text: text)
    inner = Recorder(_reply())
    with pytest.raises(ModelFault) as fault:
        ShieldedModel(inner, Shield(CEDAR)).ask([{"role": "user", "content": NOTE}], seconds=1)
    assert fault.value.kind == "rejected"
    assert inner.requests == []
    for known in ("Okafor", "CHP", "1960"):
        assert known not in str(fault.value)
