"""The trail as a page: found by person, case and day; verified; exported; and every look at it is an entry."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_served import KEY
from fastapi.testclient import TestClient
from fhir.resources.R4B.auditevent import AuditEvent
from sqlalchemy import text

from agent.office import Office
from api.access.clients import ApiClients
from api.access.principal import with_role
from api.app import create_app
from api.offices import open_office
from api.settings import Settings
from api.web.trail_reading import Asked
from api.web.trail_reading import Trail as Reading
from knowledge.records.audit import AuditDraft, AuditEntry
from knowledge.records.repository import audit as stored_audit
from knowledge.records.repository.audit import Wanted

HOME_KEY = "6f" * 31 + "01"
MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Trail:
    page: TestClient
    office: Office
    now: list[datetime]

    def seen(self, denial_id: str, request_id: str) -> None:
        self.page.get(f"/v1/denials/{denial_id}", headers={"x-request-id": request_id})

    def newest(self) -> AuditEntry:
        with self.office.records.reading() as tx:
            head = tx.audit.head()
            assert head is not None
            found = tx.audit.entry(head.number)
        assert found is not None
        return found


@pytest.fixture
def trail(home: Path) -> Iterator[Trail]:
    now = [MAY]
    app = create_app(
        Settings(home=home, api_key=KEY, patience=60.0),
        lambda given: open_office(given.home, clock=lambda: now[0], environment={"OVERTURN_KEY": HOME_KEY}),
    )
    with TestClient(app, base_url="http://127.0.0.1:8710", headers={"X-API-Key": KEY}) as client:
        yield Trail(client, app.state.service.office, now)


def _denials(trail: Trail) -> list[str]:
    return [one["denial_id"] for one in trail.page.get("/v1/denials").json()["items"]]


def test_who_saw_a_case_is_found_by_the_patients_name_without_the_name_in_an_address(trail: Trail) -> None:
    one, another = "den_9521f2aa9451e870bc0e", "den_e5fd8dbe708661eda5d2"
    trail.seen(one, "looked-at-one")
    trail.seen(another, "looked-at-another")
    led = trail.page.post("/audit/find", data={"words": "okafor"}, follow_redirects=False)
    assert led.status_code == 303
    assert "okafor" not in led.headers["location"].casefold()
    assert one in led.headers["location"]
    shown = trail.page.get(f"/audit?case={one}").text
    assert "looked-at-one" in shown
    assert "looked-at-another" not in shown
    assert "No case is found" in trail.page.post("/audit/find", data={"words": "nobody at all"}).text


def test_looking_at_the_trail_is_on_the_trail(trail: Trail) -> None:
    one = _denials(trail)[0]
    trail.page.get("/audit", params={"case": one, "from": "2026-05-01"})
    entry = trail.newest()
    assert (entry.action, entry.does, entry.detail["looked_for"]) == (
        *("show_trail", "R"),
        {"case": [one], "from": "2026-05-01"},
    )
    trail.page.get("/audit/export")
    while (entry := trail.newest()).action == "work":  # the server works what it found at its start, beside the page
        trail.page.get("/audit/export")
    assert entry.action == "export_trail"


def test_entries_are_found_by_person_day_and_what_they_came_to(trail: Trail) -> None:
    clients = ApiClients(trail.office.records, trail.office.clock)
    client, _ = clients.add("pms", {"denials.read"}, None)
    token = {"authorization": f"Bearer {clients.issue(client, None).token}"}
    program = TestClient(trail.page.app, base_url="http://127.0.0.1:8710", headers=token)
    program.get("/v1/denials", headers={"x-request-id": "by-program"})
    program.get("/v1/denials/den_none", headers={"x-request-id": "missed"})
    trail.now[0] += timedelta(days=2)
    program.get("/v1/denials", headers={**token, "x-request-id": "late"})
    mine = trail.page.get("/audit", params={"who": f"id:{client.client_id}"}).text
    assert all(one in mine for one in ("by-program", "missed"))
    day = trail.page.get("/audit", params={"who": f"id:{client.client_id}", "to": "2026-05-02"}).text
    assert "by-program" in day
    refused = trail.page.get("/audit", params={"who": f"id:{client.client_id}", "outcome": "refused"}).text
    assert ("missed" in refused, "by-program" in refused) == (True, False)
    assert trail.page.get("/audit", params={"from": "yesterday"}).status_code == 422
    assert trail.page.get("/audit", params={"practice": "prc_other"}).status_code == 404
    ahead = trail.page.get("/audit", params={"from": "2026-05-04"})
    assert (ahead.status_code, "No such entry" in ahead.text) == (200, True)


def test_the_trail_is_verified_up_to_an_entry_and_says_so_from_then_on(trail: Trail) -> None:
    assert "not verified yet" in trail.page.get("/audit").text
    before = trail.newest().number
    verified = trail.page.post("/audit/verify").text
    told = re.search(r"All ([\d,]+) entries stand", verified)
    assert told is not None
    head = int(told[1].replace(",", ""))
    assert head >= before, "the server's work at its start may have come between"
    assert "not verified yet" not in verified
    shown = " ".join(trail.page.get("/audit").text.split())
    assert f"up to entry <strong>{head:,}</strong>, 1 May 2026 12:00 UTC, by the server&#39;s key" in shown


def test_a_changed_entry_shows_when_verified(trail: Trail) -> None:
    with trail.office.records.transaction() as tx:
        tx.audit._session.execute(text("UPDATE audit_entry SET said = said || ' ' WHERE number = 2"))
    shown = trail.page.post("/audit/verify").text
    assert "entry 2 was edited" in shown
    assert "fault" in trail.page.get("/audit").text


def test_the_export_is_every_entry_looked_for_as_an_audit_event(trail: Trail) -> None:
    one = _denials(trail)[0]
    trail.seen(one, "for-export")
    answered = trail.page.get("/audit/export", params={"case": one})
    assert answered.headers["content-disposition"] == 'attachment; filename="audit-2026-05-01.ndjson"'
    events = [json.loads(line) for line in answered.text.splitlines()]
    assert any("for-export" in json.dumps(event) for event in events)
    assert all(one in json.dumps(event) for event in events)
    assert all(AuditEvent.model_validate(event).id for event in events)
    whole = trail.page.get("/audit/export").text.splitlines()
    assert [json.loads(line)["id"] for line in whole] == [f"audit-{n}" for n in range(1, len(whole) + 1)]


def test_pages_of_the_trail_together_are_the_trail(trail: Trail) -> None:
    for number in range(120):
        trail.office.records.note(AuditDraft(actor_kind="person", actor=f"p{number}", action="look", does="R"))
    last = trail.newest().number
    found, before = [], None
    while True:
        page = trail.page.get(
            "/audit", params={"before": before} if before else {}, headers={"hx-request": "true"}
        ).text
        found += [int(one.replace(",", "")) for one in re.findall(r"Entry ([\d,]+)<", page)]
        more = re.search(r"before=(\d+)", page)
        if more is None:
            break
        before = more[1]
    assert found == list(range(last, 0, -1))


def test_a_long_trail_is_looked_through_a_span_at_a_time(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_audit, "SPAN", 10)
    trail.office.records.note(AuditDraft(actor_kind="person", actor="rare", action="look", does="R"))
    number = trail.newest().number
    for _ in range(25):
        trail.office.records.note(AuditDraft(actor_kind="person", actor="often", action="look", does="R"))
    wanted, looks = Wanted(0, trail.newest().number + 1, (('"actor":"rare"',),)), 0
    while True:
        with trail.office.records.reading() as tx:
            found = tx.audit.found(wanted, 5, newest=True)
        looks += 1
        if found.entries or found.whole:
            break
        wanted = wanted._replace(before=found.reached)
    assert [one.number for one in found.entries] == [number]
    assert looks == 3


def test_who_sees_one_practice_sees_its_entries_only(trail: Trail) -> None:
    ((practice_id, _),) = trail.office.practices()
    trail.office.records.note(
        AuditDraft(actor_kind="person", actor="x", action="theirs", does="R", practice_id="prc_other")
    )
    trail.seen(_denials(trail)[0], "ours")
    own = with_role("usr_1", "user", "M", "manager", frozenset((practice_id,)))
    rows = Reading(trail.office, own).page(Asked(), None).rows
    assert rows
    assert {row.entry.practice_id for row in rows} == {practice_id}
    none = with_role("usr_2", "user", "N", "manager", frozenset())
    assert Reading(trail.office, none).page(Asked(), None).rows == ()
    admin = with_role("usr_3", "user", "A", "administrator", None)
    assert Reading(trail.office, admin).cases("okafor") == ()
    assert Reading(trail.office, own).cases("okafor") != ()
