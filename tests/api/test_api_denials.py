import hashlib
import json
from pathlib import Path

import jsonschema
import pytest
from api_served import seen
from fastapi.testclient import TestClient

from api.offices import open_office

ROOT = Path(__file__).parents[2]


def _first(client: TestClient, **wanted: str) -> dict:
    return client.get("/v1/denials", params=wanted).json()["items"][0]


def _waiting(client: TestClient) -> str:
    return _first(client, status="in_review")["denial_id"]


def _approve(client: TestClient, denial_id: str, reason: str = "It is complete", **headers: str):
    body = {"decision": "approve", "reason": reason, "by": "Maria Lopez"}
    headers = {**seen(client, denial_id), **headers}
    return client.post(f"/v1/denials/{denial_id}/review", json=body, headers=headers)


def test_listed_denials_are_records_of_the_contract_in_order_of_rank(reader: TestClient) -> None:
    page = reader.get("/v1/denials").json()
    schema = json.loads((ROOT / "evals" / "denial-record.schema.json").read_text())
    assert page["items"]
    for record in page["items"]:
        jsonschema.validate(record, schema)
    ranks = [record["priority"]["rank"] for record in page["items"]]
    assert ranks == sorted(ranks)
    assert page["next_cursor"] is None


def test_pages_together_are_the_whole_list(reader: TestClient) -> None:
    whole = [record["denial_id"] for record in reader.get("/v1/denials").json()["items"]]
    seen, cursor = [], None
    while True:
        page = reader.get("/v1/denials", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        seen += [record["denial_id"] for record in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(whole) > 1
    assert seen == whole


def test_filters_hold_together(reader: TestClient) -> None:
    record = _first(reader)
    wanted = {
        "status": record["status"],
        "route": record["route"],
        "payer_id": record["remit"]["payer_id"],
        "root_cause": record["root_cause"],
        "remedy": record["remedy"],
    }
    assert record["denial_id"] in {
        each["denial_id"] for each in reader.get("/v1/denials", params=wanted).json()["items"]
    }
    assert reader.get("/v1/denials", params={**wanted, "payer_id": "NOBODY"}).json()["items"] == []


def test_a_denial_comes_with_facts_tables_and_timeline(reader: TestClient) -> None:
    record = _first(reader, root_cause="auth-units-mismatch")
    detail = reader.get(f"/v1/denials/{record['denial_id']}").json()
    assert {name: detail[name] for name in record} == record
    known = {item["id"] for item in detail["evidence"]}
    assert any(fact["truth"] == "refuted" and set(fact["evidence"]) <= known for fact in detail["facts"])
    assert detail["timeline"][0]["kind"] == "worked"


def test_an_approval_takes_effect_and_counts_once(client: TestClient) -> None:
    denial_id = _waiting(client)
    assert _approve(client, denial_id).json()["status"] == "approved"
    assert _approve(client, denial_id).json()["status"] == "approved"
    timeline = client.get(f"/v1/denials/{denial_id}").json()["timeline"]
    assert [entry["says"] for entry in timeline if entry["kind"] == "approve"] == ["Maria Lopez: It is complete"]


def test_another_decision_on_a_decided_denial_is_refused(client: TestClient) -> None:
    denial_id = _waiting(client)
    _approve(client, denial_id)
    refused = _approve(client, denial_id, "Again, for another reason")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:overturn:problem:not-waiting"


def test_an_idempotency_key_counts_once_and_for_one_decision_only(client: TestClient) -> None:
    denial_id = _waiting(client)
    key = {"Idempotency-Key": "pms-4711"}
    assert _approve(client, denial_id, **key).status_code == 200
    assert _approve(client, denial_id, **key).json()["status"] == "approved"
    other = _approve(client, denial_id, "Something else", **key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:overturn:problem:key-reused")


def test_a_key_repeats_the_first_answer_word_for_word_though_the_case_has_moved_on(client: TestClient) -> None:
    denial_id = _waiting(client)
    headers = {**seen(client, denial_id), "Idempotency-Key": "pms-4712"}
    first = _approve(client, denial_id, **headers)
    assert first.status_code == 200
    again = _approve(client, denial_id, **headers)
    assert again.content == first.content
    assert (again.headers["etag"], again.headers["idempotency-replayed"]) == (first.headers["etag"], "true")
    assert "idempotency-replayed" not in first.headers


def test_a_decision_names_the_version_it_was_made_on(client: TestClient) -> None:
    denial_id = _waiting(client)
    body = {"decision": "edit", "reason": "x", "by": "M", "changes": {"note": "call"}}
    address = f"/v1/denials/{denial_id}/review"
    missing = client.post(address, json=body)
    assert (missing.status_code, missing.json()["type"]) == (428, "urn:overturn:problem:version-required")
    old = seen(client, denial_id)
    edited = client.post(address, json=body, headers=old)
    assert (edited.status_code, edited.headers["etag"]) == (200, seen(client, denial_id)["If-Match"])
    for tag in (old["If-Match"], '"other"', "*", "nonsense"):
        stale = client.post(address, json={**body, "decision": "approve", "changes": None}, headers={"If-Match": tag})
        assert (stale.status_code, stale.json()["type"]) == (412, "urn:overturn:problem:version-outdated")
        assert stale.headers["etag"] == edited.headers["etag"]
    several = {"If-Match": f'"other", {edited.headers["etag"]}'}
    assert client.post(address, json={**body, "decision": "approve", "changes": None}, headers=several).is_success


def test_the_version_stays_when_only_the_place_in_the_queue_moves(client: TestClient) -> None:
    waiting, *others = [one["denial_id"] for one in client.get("/v1/denials").json()["items"]]
    before = [seen(client, one) for one in others]
    _approve(client, _waiting(client))
    assert sum(seen(client, one) != was for one, was in zip(others, before, strict=True)) <= 1
    assert waiting


def test_an_edit_changes_the_remedy_and_waits_again(client: TestClient) -> None:
    denial_id = _waiting(client)
    changes = {"remedy": "appeal", "then": None, "note": "Second level"}
    body = {"decision": "edit", "reason": "Plan wants it", "by": "Maria Lopez", "changes": changes}
    edited = client.post(f"/v1/denials/{denial_id}/review", json=body, headers=seen(client, denial_id)).json()
    assert (edited["remedy"], edited["then"], edited["status"]) == ("appeal", None, "in_review")
    assert _approve(client, denial_id).json()["status"] == "approved"


def test_an_edit_to_an_unknown_cause_is_refused_and_changes_nothing(client: TestClient) -> None:
    denial_id = _waiting(client)
    before = client.get(f"/v1/denials/{denial_id}").json()
    body = {"decision": "edit", "reason": "x", "by": "M", "changes": {"root_cause": "bad-luck"}}
    refused = client.post(f"/v1/denials/{denial_id}/review", json=body, headers=seen(client, denial_id))
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:change-refused")
    assert client.get(f"/v1/denials/{denial_id}").json() == before


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("body.reason", '"reason": "as \\u0000 charted"'),
        ("body.by", '"by": "\\ud800"'),
        ("body.changes.note", '"changes": {"note": "\\ud800"}'),
    ],
)
def test_characters_that_cannot_be_stored_or_seen_are_refused(client: TestClient, where: str, change: str) -> None:
    denial_id = client.get("/v1/denials", params={"status": "in_review"}).json()["items"][0]["denial_id"]
    body = '{"decision": "edit", "reason": "as charted", "by": "biller", "changes": {"note": "call"}, ' + change + "}"
    headers = {"content-type": "application/json"}
    refused = client.post(f"/v1/denials/{denial_id}/review", content=body, headers=headers)
    assert (refused.status_code, [each["where"] for each in refused.json()["errors"]]) == (422, [where])


def test_a_packet_is_the_file_that_was_made(reader: TestClient) -> None:
    record = next(r for r in reader.get("/v1/denials").json()["items"] if r["products"]["packet"])
    packet = reader.get(f"/v1/denials/{record['denial_id']}/packet")
    assert packet.headers["content-type"] == "application/pdf"
    assert packet.content.startswith(b"%PDF")
    sha256 = record["products"]["packet"]["sha256"]
    assert hashlib.sha256(packet.content).hexdigest() == sha256
    assert packet.headers["etag"] == f'"{sha256}"'


def test_a_packet_that_was_changed_on_disk_is_not_handed_out(client: TestClient, home: Path) -> None:
    record = next(r for r in client.get("/v1/denials").json()["items"] if r["products"]["packet"])
    path = home / record["products"]["packet"]["path"]
    path.write_bytes(path.read_bytes() + b"%")
    altered = client.get(f"/v1/denials/{record['denial_id']}/packet")
    assert (altered.status_code, altered.json()["type"]) == (409, "urn:overturn:problem:product-altered")
    path.unlink()
    assert client.get(f"/v1/denials/{record['denial_id']}/packet").status_code == 404


def test_practices_are_listed_with_their_denials(client: TestClient, home: Path) -> None:
    (listed,) = client.get("/v1/practices").json()["items"]
    assert listed["name"] == "Cedar Oncology Associates"
    with open_office(home) as office:
        assert sum(listed["denials"].values()) == len(list(office.records_of(listed["practice_id"])))
