"""An answer kept for repeats is given again only to who may still have it, and its giving is on record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from door import HERE, Door, add_practice, opened_door
from fastapi.testclient import TestClient

from api.access import permissions


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Door]:
    add_practice(tmp_path / "home", "Cedar Oncology", "841234567")
    add_practice(tmp_path / "home", "Aspen Oncology", "840000000")
    with opened_door(tmp_path / "home") as made:
        yield made


def _made(door: Door, sender: TestClient, practice: str) -> tuple[int, str]:
    """Hand one file in for a practice, under one key; give the status and the answer."""
    answered = sender.post(
        "/v1/jobs",
        json={"files": [{"kind": "coverage", "name": "a.csv", "text": "payer_id,member_id\nA,1\n"}]},
        params={"practice": practice},
        headers={"idempotency-key": "once"},
    )
    return answered.status_code, answered.text


def _program(door: Door, practices: list[str], scopes: set[str]) -> TestClient:
    client, secret = door.clients().add("pms", scopes, practices)
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    token = door.app.post("/oauth/token", data=asked).json()["access_token"]
    return TestClient(door.app.app, base_url=HERE, headers={"authorization": f"Bearer {token}"})


def test_a_repeat_is_answered_alike_and_audited(opened: Door) -> None:
    cedar = opened.practices["Cedar Oncology"]
    sender = _program(opened, [cedar], {"files.write", "files.read"})
    first = _made(opened, sender, cedar)
    with opened.office.records.reading() as repository:
        before = len(list(repository.audit.stored()))
    assert _made(opened, sender, cedar) == first
    with opened.office.records.reading() as repository:
        entries = [one.read() for one in list(repository.audit.stored())[before:]]
    repeats = [one for one in entries if one is not None and one.detail.get("repeat")]
    assert repeats, [one.action for one in entries if one is not None]
    assert [(one.action, one.practice_id) for one in repeats] == [("add_job", cedar)]


def test_who_has_lost_the_permission_is_not_given_the_answer_again(
    opened: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    cedar = opened.practices["Cedar Oncology"]
    sender = _program(opened, [cedar], {"files.write", "files.read"})
    assert _made(opened, sender, cedar)[0] == 202
    held = {role: each - {"files.write"} for role, each in permissions.permissions_by_role().items()}
    monkeypatch.setattr("api.access.clients.permissions_by_role", lambda: held)
    status, text = _made(opened, sender, cedar)
    assert status == 403, text
    assert "job_" not in text


def test_who_has_lost_the_practice_is_not_given_the_answer_again(opened: Door) -> None:
    cedar, aspen = opened.practices["Cedar Oncology"], opened.practices["Aspen Oncology"]
    sender = _program(opened, [cedar, aspen], {"files.write"})
    assert _made(opened, sender, cedar)[0] == 202
    (client,) = opened.clients().all()
    with opened.office.records.transaction() as repository:
        repository.clients.save(client.model_copy(update={"practices": frozenset([aspen])}))
    status, text = _made(opened, sender, cedar)
    assert status == 404, text
    assert "job_" not in text
