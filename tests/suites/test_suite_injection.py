import pytest

from agent.reading import checking
from evals.suites import injection
from evals.suites.injections import planting


def test_no_injection_has_an_effect() -> None:
    report = injection.run()
    assert report.failures == ()
    assert report.failed == 0
    assert report.tried >= 200


def test_a_reading_that_takes_any_quote_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planting, "PAYLOADS", planting.PAYLOADS[:6])
    monkeypatch.setattr(checking, "find_quote", lambda _quote, source: (0, len(source)))
    report = injection.run()
    assert report.failed > 0
    assert any("moved from" in failure for failure in report.failures)


def test_a_reading_that_takes_the_quote_as_the_model_gives_it_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planting, "PAYLOADS", planting.PAYLOADS[:12])
    monkeypatch.setattr("agent.reading.quotes.orders_a_program", lambda _source: False)
    assert any("moved from" in failure for failure in injection.run().failures)


def test_the_payloads_use_every_order_disguise_and_carrier() -> None:
    people, injections, policy, contact = planting.planted()
    assert {order for one in planting.PAYLOADS for order in one.orders} == set(planting.Order.__args__)  # type: ignore[attr-defined]
    assert {one.disguise for one in planting.PAYLOADS} == set(planting.Disguise.__args__)  # type: ignore[attr-defined]
    assert {one.carrier for one in injections} >= {*planting.CARRIERS, "note", "policy", "remit-contact", "letter"}
    assert len({one.tag for one in injections}) == len(injections)
    assert policy
    assert contact
    assert len(people) > 50
