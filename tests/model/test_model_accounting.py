import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_builders import MESSAGES, SCHEMA, settings

from agent.model import Message, ModelFault, Reply, ResponseSchema, Tool, Usage
from agent.model.accounting import Account, BudgetedModel, prefix_share
from agent.model.prices import load_prices
from agent.model.recorded import RecordingMissing, RecordingModel, ReplayModel, request_key
from agent.model.settings import ModelSettingsFault

PRICES = load_prices()
counts = st.integers(0, 10**7)


class Scripted:
    name = "gpt-4.1-2025-04-14"

    def __init__(self, fault: ModelFault | None = None) -> None:
        self.fault, self.seconds = fault, list[float]()

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        self.seconds.append(seconds)
        if self.fault:
            raise self.fault
        usage = Usage(input_tokens=1_000_000, output_tokens=0, requests=1)
        return Reply(message={"role": "assistant", "content": "{}"}, text="{}", parsed={}, usage=usage)


@given(counts, counts, counts)
def test_money_is_the_sum_of_its_three_parts(fresh: int, cached: int, made: int) -> None:
    usage = Usage(input_tokens=fresh + cached, cached_tokens=cached, output_tokens=made)
    cost = Account("gpt-4.1", PRICES).money(usage)
    assert cost == (2 * fresh + Decimal("0.5") * cached + 8 * made) / Decimal(1_000_000)


def test_a_model_without_a_price_has_no_money_and_takes_no_cap() -> None:
    account = Account("llama-local", PRICES)
    account.add("d1", Usage(input_tokens=5))
    assert account.total.money is None
    assert "no price" in account.says
    with pytest.raises(ModelSettingsFault, match="no price"):
        Account("llama-local", PRICES, Decimal(1))


def test_threads_lose_no_usage() -> None:
    account = Account("gpt-4.1", PRICES)
    one = Usage(input_tokens=1, requests=1)
    threads = [threading.Thread(target=lambda: [account.add("d1", one) for _ in range(200)] and None) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.of("d1").usage.input_tokens == account.total.usage.requests == account.total.asked == 1600


def test_a_denial_has_its_calls_its_seconds_and_the_runs_money() -> None:
    now = [0.0]
    inner, account = Scripted(), Account("gpt-4.1", PRICES, Decimal("9"))
    model = BudgetedModel(inner, account, "d1", settings(calls_per_denial=3, denial_seconds=100), lambda: now[0])
    model.ask(MESSAGES, seconds=90)
    now[0] = 40
    model.ask(MESSAGES, seconds=90)
    assert inner.seconds == [90, 60]
    now[0] = 101
    with pytest.raises(ModelFault, match="100 s are over"):
        model.ask(MESSAGES, seconds=90)
    other = BudgetedModel(inner, account, "d2", settings(calls_per_denial=1), lambda: now[0])
    other.ask(MESSAGES, seconds=90)
    with pytest.raises(ModelFault, match="1 calls are made"):
        other.ask(MESSAGES, seconds=90)
    assert account.total.money == 6
    last = BudgetedModel(inner, account, "d3", settings(max_output_tokens=128_000), lambda: now[0])
    last.ask(MESSAGES, seconds=90)
    with pytest.raises(ModelFault, match="cap"):
        last.ask(MESSAGES, seconds=90)
    assert account.total.money == 8


def test_a_failed_asking_is_paid_for() -> None:
    account = Account("gpt-4.1", PRICES)
    inner = Scripted(ModelFault("not_json", "x", Usage(input_tokens=500_000, requests=2)))
    with pytest.raises(ModelFault):
        BudgetedModel(inner, account, "d1", settings(), lambda: 0.0).ask(MESSAGES, seconds=1)
    spent = account.of("d1")
    assert (spent.money, spent.faults, spent.usage.requests) == (1, 1, 2)


def test_the_share_of_a_prefix_that_repeats() -> None:
    more = [*MESSAGES, {"role": "user", "content": "x" * 1000}]
    assert prefix_share(MESSAGES, MESSAGES) == 1.0
    assert 0 < prefix_share(MESSAGES, more) < 0.2
    assert prefix_share([], MESSAGES) == prefix_share(MESSAGES, []) == 0.0


def test_what_was_recorded_is_given_again_and_a_miss_fails(tmp_path: Path) -> None:
    inner = Scripted()
    reply = RecordingModel(inner, tmp_path).ask(MESSAGES, schema=SCHEMA, seconds=9)
    replay = ReplayModel(tmp_path)
    assert replay.name == inner.name
    assert replay.ask(MESSAGES, schema=SCHEMA, seconds=1) == reply
    with pytest.raises(RecordingMissing):
        replay.ask([*MESSAGES, {"role": "user", "content": "?"}], schema=SCHEMA, seconds=1)
    with pytest.raises(RecordingMissing):
        replay.ask(MESSAGES, seconds=1)


def test_a_refusal_is_recorded_and_a_fault_of_the_moment_is_not(tmp_path: Path) -> None:
    for kind in ("refusal", "timed_out"):
        inner = Scripted(ModelFault(kind, "x"))  # type: ignore[arg-type]
        with pytest.raises(ModelFault):
            RecordingModel(inner, tmp_path / kind).ask(MESSAGES, seconds=1)
    with pytest.raises(ModelFault, match="refusal"):
        ReplayModel(tmp_path / "refusal").ask(MESSAGES, seconds=1)
    with pytest.raises(RecordingMissing):
        ReplayModel(tmp_path / "timed_out").ask(MESSAGES, seconds=1)


def test_the_key_of_a_request_does_not_hang_on_the_order_of_its_names() -> None:
    turned = [dict(reversed(message.items())) for message in MESSAGES]
    assert request_key("m", turned) == request_key("m", MESSAGES)
    assert request_key("n", MESSAGES) != request_key("m", MESSAGES) != request_key("m", MESSAGES, (), SCHEMA)


def test_recordings_hold_the_answer_and_nothing_of_the_request(tmp_path: Path) -> None:
    RecordingModel(Scripted(), tmp_path).ask(MESSAGES, seconds=9)
    assert "Zebulon" not in "".join(path.read_text() for path in tmp_path.iterdir())
