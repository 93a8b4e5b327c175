"""Series decided over the API: the same rules as by command, bound to what was seen, counted once by key."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.office import Office
from agent.queue import records_of

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import KEY
from series_home import COMPENDIUM, EXPIRED, clock

from api.app import create_app
from api.settings import Settings

BY = {"by": "Maria Lopez", "reason": "checked"}


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    app = create_app(Settings(home=home, api_key=KEY, patience=60.0), lambda given: Office.open(given.home, clock))
    with TestClient(
        app, base_url="http://127.0.0.1:8710", headers={"X-API-Key": KEY}, raise_server_exceptions=False
    ) as made:
        yield made


def seen(client: TestClient, group: str = EXPIRED) -> dict[str, str]:
    return {"If-Match": client.get(f"/v1/series/{group}").headers["etag"]}


def members(client: TestClient, group: str = EXPIRED) -> list[dict[str, str]]:
    found = client.get(f"/v1/series/{group}").json()["group"]["members"]
    assert isinstance(found, list)
    return found


def test_a_series_is_approved_as_a_whole_and_answered_with_its_packet(client: TestClient, home: Path) -> None:
    answer = client.post(f"/v1/series/{EXPIRED}/approve", json={**BY, "role": "manager"}, headers=seen(client))
    assert answer.status_code == 200, answer.text
    joint = answer.json()
    assert {one["denial_id"] for one in joint["members"]} == {one["denial_id"] for one in members(client)}
    assert {one["status"] for one in members(client)} == {"approved"}
    path = home / joint["file"]["path"]
    with Office.open(home, clock) as office, office.at_desk(office.practices()[0][0]) as desk:
        assert hashlib.sha256(desk.files.read(joint["file"]["path"])).hexdigest() == joint["file"]["sha256"]
    assert path.is_file()


def test_a_decision_on_another_version_than_was_seen_changes_nothing(client: TestClient) -> None:
    before = seen(client)
    without = client.post(f"/v1/series/{EXPIRED}/reject", json=BY)
    assert (without.status_code, without.json()["type"].rpartition(":")[2]) == (428, "version-required")
    assert client.post(f"/v1/series/{EXPIRED}/reject", json=BY, headers=before).status_code == 200
    late = client.post(f"/v1/series/{EXPIRED}/approve", json={**BY, "role": "manager"}, headers=before)
    assert late.status_code in (404, 412)
    assert late.json()["type"].rpartition(":")[2] in ("version-outdated", "series-unknown")


def test_sent_again_with_its_key_it_counts_once(client: TestClient, home: Path) -> None:
    told = {**seen(client), "Idempotency-Key": "once"}
    first = client.post(f"/v1/series/{EXPIRED}/approve", json={**BY, "role": "manager"}, headers=told)
    again = client.post(f"/v1/series/{EXPIRED}/approve", json={**BY, "role": "manager"}, headers=told)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    with Office.open(home, clock) as office, office.records.reading() as repository:
        assert len(repository.joint.all(office.practices()[0][0], EXPIRED)) == 1


def test_an_approval_in_the_wrong_role_approves_none(client: TestClient, home: Path) -> None:
    with Office.open(home, clock) as office:
        practice_id = office.practices()[0][0]
        one = members(client)[0]["denial_id"]
        given: dict[str, Any] = {"decision": "edit", "reason": "given up", "by": "Maria Lopez"}
        for name in [one["denial_id"] for one in members(client)]:
            office.review(practice_id, name, key=f"e:{name}", changes={"remedy": "write_off", "then": None}, **given)
        records = list(records_of(office.records, practice_id))
    assert {r.remedy for r in records if r.denial_id == one} == {"write_off"}
    refused = client.post(f"/v1/series/{one}/approve", json={**BY, "role": "biller"}, headers=seen(client, one))
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"].rpartition(":")[2] == "approval-refused"
    assert {member["status"] for member in members(client, one)} == {"in_review"}


def test_one_denials_correction_is_made_on_the_others(client: TestClient) -> None:
    first, *others = [one["denial_id"] for one in members(client)]

    def tag() -> dict[str, str]:
        return {"If-Match": client.get(f"/v1/denials/{first}").headers["etag"]}

    nothing = client.post(f"/v1/series/{first}/correct", json={**BY, "denial_id": first}, headers=tag())
    assert (nothing.status_code, nothing.json()["type"].rpartition(":")[2]) == (409, "not-waiting")
    body = {**BY, "decision": "edit", "changes": {"remedy": "write_off", "then": None}}
    assert client.post(f"/v1/denials/{first}/review", json=body, headers=tag()).status_code == 200
    done = client.post(f"/v1/series/{others[0]}/correct", json={**BY, "denial_id": first}, headers=tag())
    assert done.status_code == 200, done.text
    assert {one["denial_id"] for one in done.json()["items"]} >= set(others)
    assert {(one["remedy"], one["status"]) for one in done.json()["items"]} == {("write_off", "in_review")}


@pytest.mark.parametrize("what", ["approve", "reject", "correct"])
def test_an_unknown_series_and_a_stranger_are_refused(client: TestClient, what: str) -> None:
    body = {**BY, **({"denial_id": "den_0"} if what == "correct" else {})}
    unknown = client.post(f"/v1/series/ser_nothing/{what}", json=body, headers={"If-Match": '"x"'})
    name = "denial-unknown" if what == "correct" else "series-unknown"
    assert (unknown.status_code, unknown.json()["type"].rpartition(":")[2]) == (404, name)
    stranger = client.post(f"/v1/series/{COMPENDIUM}/{what}", json=body, headers={"X-API-Key": "wrong"})
    assert stranger.status_code == 401
