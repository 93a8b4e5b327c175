import pytest

from evals.suites import shield


def test_nothing_known_of_anyone_is_in_a_request_or_a_log() -> None:
    report = shield.run()
    assert report.failures == ()
    assert report.failed == 0
    assert report.tried >= 100


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave the sample practice out: what the invented people show is enough."""
    people, policy, contact = shield.plain_canaries()
    root = tmp_path_factory.mktemp("practices")
    shield.write_folder(root / "cedar" / "folder", people[:2], policy=policy, payer_contact=contact)
    monkeypatch.setattr(shield, "PRACTICES", root)


@pytest.mark.usefixtures("_small")
def test_a_shield_that_finds_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.shield.shield.find", lambda *_texts, **_more: ())
    report = shield.run()
    kinds = {failure.rsplit(" a ", 1)[-1] for failure in report.failures}
    assert kinds >= {"name", "birth date", "member number", "claim number", "authorization", "phone", "e-mail", "staff"}


@pytest.mark.usefixtures("_small")
def test_a_shield_that_knows_no_names_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.shield.identifiers.person", lambda *_name: ())
    assert any(failure.endswith("holds a name") for failure in shield.run().failures)


@pytest.mark.usefixtures("_small")
def test_a_shield_that_covers_nothing_sends_nothing_and_that_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.shield.shield.Shield.cover", lambda _self, text: text)
    report = shield.run()
    assert report.failed > 0
    assert all("requests were made" in failure for failure in report.failures)
