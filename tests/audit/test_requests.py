"""Every request that shows or changes something of a patient has its entry, with ids and without names."""

import json
from pathlib import Path

import pytest
from api_served import KEY as API_KEY
from api_served import noon
from fastapi.testclient import TestClient
from fhir.resources.R4B.auditevent import AuditEvent

from api.app import create_app
from api.audit_fhir import audit_event
from api.offices import open_office
from api.settings import Settings
from knowledge.records.audit import AuditEntry

HOME_KEY = "6f" * 31 + "01"


@pytest.fixture
def entries(home: Path) -> list[AuditEntry]:
    """What a reading, a list, a search, a refusal and a decision leave behind."""
    app = create_app(
        Settings(home=home, api_key=API_KEY, patience=60.0),
        lambda given: open_office(given.home, clock=noon, environment={"OVERTURN_KEY": HOME_KEY}),
    )
    with TestClient(app, base_url="http://127.0.0.1:8710", headers={"X-API-Key": API_KEY}) as client:
        one = client.get("/v1/denials").json()["items"][0]["denial_id"]
        client.get(f"/v1/denials/{one}", headers={"x-request-id": "reading"})
        client.get("/v1/denials/den_none", headers={"x-request-id": "missing"})
        client.post("/v1/charts", content=b"{}", headers={"x-request-id": "writing"})
        client.get("/health", headers={"x-request-id": "open"})
    with (
        open_office(home, clock=noon, environment={"OVERTURN_KEY": HOME_KEY}) as office,
        office.records.reading() as repository,
    ):
        return [entry for stored in repository.audit.stored() if (entry := stored.read()) is not None]


def test_requests_leave_entries(entries: list[AuditEntry]) -> None:
    of = {
        name: [one for one in entries if one.request_id == name] for name in ("reading", "missing", "writing", "open")
    }
    (reading,) = of["reading"]
    assert (reading.action, reading.does, reading.outcome) == ("read_denial", "R", "done")
    assert reading.subjects[0].startswith("den_")
    assert reading.actor_kind == "key"
    assert reading.practice_id is not None
    assert [one.outcome for one in of["missing"]] == ["refused"]
    assert any("source_file" in one.detail.get("tables", ()) for one in of["writing"])
    assert of["open"] == []


def test_entries_hold_no_name(entries: list[AuditEntry]) -> None:
    told = " ".join(one.said() for one in entries).casefold()
    assert "okafor" not in told


def test_every_entry_is_an_audit_event(entries: list[AuditEntry]) -> None:
    for one in entries[-40:]:
        event = AuditEvent.model_validate(json.loads(audit_event(one, "0" * 64)))
        assert event.action == one.does
