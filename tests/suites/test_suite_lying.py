"""No lie of a model stands in a finished letter, right sentences do, and a check switched off is noticed."""

import pytest

import agent.drafting.argument
import tools.packet.arguing
from evals.suites import lying
from evals.suites.lies.mutations import KINDS


@pytest.fixture(scope="module")
def told() -> tuple[lying.Lie, ...]:
    return lying.lies()


def test_every_lie_is_kept_out_and_the_truth_is_not() -> None:
    report = lying.run()
    assert report.failures == ()
    assert report.failed == 0
    assert report.tried >= 300
    assert report.figures["right sentences"] >= 300
    assert report.figures["right sentences left in"] >= lying.SURVIVING


def test_every_kind_of_lie_is_told(told: tuple[lying.Lie, ...]) -> None:
    assert {lie.kind for lie in told} == {kind for kind, _ in KINDS}


def test_a_check_switched_off_lets_lies_through(told: tuple[lying.Lie, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (agent.drafting.argument, tools.packet.arguing):
        monkeypatch.setattr(module, "faults_of", lambda _sentence, _case: ())
    monkeypatch.setattr(tools.packet.arguing, "verify", lambda *_args: ())
    some = told[:: max(1, len(told) // 40)]
    assert sum(lying.stands(lie) for lie in some) > len(some) // 2


def test_the_last_check_alone_keeps_lies_out(told: tuple[lying.Lie, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (agent.drafting.argument, tools.packet.arguing):
        monkeypatch.setattr(module, "faults_of", lambda _sentence, _case: ())
    some = told[:: max(1, len(told) // 40)]
    assert not any(lying.stands(lie) for lie in some)
