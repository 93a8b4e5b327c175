"""Bulk intake, events, tasks, webhooks by address, rates."""

import base64
import time
from datetime import timedelta
from pathlib import Path

import pytest
from api_served import data_of, served
from fastapi.testclient import TestClient

from api.idempotency import _begin
from api.limits import Rate, RateLimited, api_limits
from api.offices import open_office
from knowledge.records import NewItem


def _done(client: TestClient, job_id: str) -> dict:
    for _ in range(6000):
        job = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] == "done":
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job is not done: {job}")


def _all(client: TestClient, address: str, **asked: object) -> list[dict]:
    found, cursor = [], None
    while True:
        page = client.get(address, params={**asked, "limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


ROWS = [
    {"auth_number": "B-1", "payer_id": "CASC1", "member_id": "CHP1", "status": "approved", "hcpcs": "J9271"},
    {"auth_number": "B-2", "start_date": "x", "payer_id": "CASC1", "status": "approved", "hcpcs": "J9271"},
]  # fmt: skip


def test_many_files_are_taken_as_a_job_and_each_says_how_it_fared_row_by_row(client: TestClient) -> None:
    remit = data_of("remits/CHP_ERA_0403.txt")
    files = [
        {"kind": "remits", "name": "again.835", "data": base64.b64encode(remit).decode()},
        {"kind": "charts", "name": "broken.json", "text": "{"},
        {"kind": "authorizations", "name": "rows.csv", "rows": ROWS},
    ]
    made = client.post("/v1/jobs", json={"files": files})
    assert (made.status_code, made.headers["location"]) == (202, f"/v1/jobs/{made.json()['job_id']}")
    job = _done(client, made.json()["job_id"])
    assert (job["total"], job["done"], job["failed"], job["fault"]) == (3, 3, 1, None)
    items = _all(client, f"/v1/jobs/{job['job_id']}/items")
    assert [(one["position"], one["state"], one["outcome"]) for one in items] == [
        (1, "taken", "known"),
        (2, "failed", "quarantined"),
        (3, "taken", "new"),
    ]
    assert items[1]["error"]
    assert any("B-2" in one["says"] or "row" in one["where"] for one in items[2]["findings"])
    failed = client.get(f"/v1/jobs/{job['job_id']}/items", params={"failed": True}).json()["items"]
    assert [one["name"] for one in failed] == ["broken.json"]
    assert job["job_id"] in [one["job_id"] for one in _all(client, "/v1/jobs")]
    events = client.get("/v1/events", params={"kind": "job.done"}).json()["items"]
    assert [one["data"]["job_id"] for one in events] == [job["job_id"]]


def test_a_form_takes_many_files_named_by_their_kind(client: TestClient) -> None:
    files = [("remits", ("a.835", data_of("remits/CHP_ERA_0403.txt"))), ("claims", ("b.837", b"nothing"))]
    job = _done(client, client.post("/v1/jobs", files=files).json()["job_id"])
    assert (job["total"], job["failed"]) == (2, 1)
    refused = client.post("/v1/jobs", files=[("letters", ("a", b"x"))])
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:invalid-request")


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{", '{"files": []}', '{"files": [{"kind": "remits", "name": "a"}]}'),
        '{"files": [{"kind": "remits", "name": "a", "data": "%%"}]}',
        '{"files": [{"kind": "remits", "name": "a", "rows": []}]}',
        '{"files": [{"kind": "remits", "name": "a", "text": "Okafor", "more": 1}]}',
        "[" * 100_000,
    ],
)
def test_a_bulk_request_that_is_none_is_refused_without_repeating_it(reader: TestClient, body: str) -> None:
    refused = reader.post("/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:invalid-request")
    assert "Okafor" not in refused.text


def test_a_job_that_a_kill_cut_off_goes_on_after_the_next_start(home: Path) -> None:
    with open_office(home) as office:
        ((practice_id, _),) = office.practices()
        items = tuple(
            NewItem(kind="authorization", name=f"{n}.csv", content=data_of("auths/cascade.csv") + b"\n" * n)
            for n in (1, 2)
        )
        with office.records.transaction() as tx:
            tx.jobs.add("job_" + "0" * 26, practice_id, items, "t", office.clock())
    with served(home) as client:
        job = _done(client, "job_" + "0" * 26)
    assert (job["done"], job["failed"], job["fault"]) == (2, 0, None)


def test_events_are_read_in_order_once_each_and_go_on_where_one_stopped(client: TestClient) -> None:
    whole = client.get("/v1/events", params={"limit": 200}).json()
    assert {one["type"] for one in whole["items"]} >= {"denial.worked"}
    ids = [one["id"] for one in whole["items"]]
    assert len(set(ids)) == len(ids) > 2
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/v1/events", params={"limit": 2, **after}).json()
        seen += [one["id"] for one in page["items"]]
        after = {"after": page["last"]}
        if not page["more"]:
            break
    assert seen == ids
    assert client.get("/v1/events", params=after).json() == {"items": [], "last": ids[-1], "more": False}
    unknown = client.get("/v1/events", params={"after": "evt_" + "0" * 26})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:overturn:problem:event-unknown")
    assert all(set(one["data"]) == {"practice_id", "denial_id"} for one in whole["items"])


def test_tasks_say_what_waits_for_whom_and_how_much_is_at_stake(client: TestClient) -> None:
    tasks = _all(client, "/v1/tasks")
    waiting = client.get("/v1/denials", params={"status": "in_review"}).json()["items"]
    assert {one["denial_id"] for one in tasks if one["kind"] == "review"} == {one["denial_id"] for one in waiting}
    stake = {one["denial_id"]: one["amount_at_stake"] for one in waiting}
    assert all(one["amount_at_stake"] == stake[one["denial_id"]] for one in tasks if one["kind"] == "review")
    assert all("biller" in one["for_roles"] or "manager" in one["for_roles"] for one in tasks)
    assert client.get("/v1/tasks", params={"kind": "answer"}).json()["items"] == []
    assert {one["kind"] for one in client.get("/v1/tasks", params={"kind": "send"}).json()["items"]} <= {"send"}


def test_a_webhook_is_made_changed_by_version_and_taken_away(client: TestClient) -> None:
    asked = {"url": "https://pms.example.com/in", "kinds": ["denial.waits"]}
    unkeyed = client.post("/v1/webhooks", json=asked)
    assert (unkeyed.status_code, unkeyed.json()["type"]) == (400, "urn:overturn:problem:idempotency-key-missing")
    made = client.post("/v1/webhooks", json=asked, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    address = made.headers["location"]
    shown = client.get(address)
    assert "secret" not in shown.json()
    assert shown.headers["etag"] == made.headers["etag"]
    assert client.patch(address, json={"kinds": []}).status_code == 428
    changed = client.patch(address, json={"state": "disabled"}, headers={"If-Match": shown.headers["etag"]})
    assert (changed.json()["state"], changed.json()["why"]) == ("disabled", "by request")
    assert changed.headers["etag"] == client.get(address).headers["etag"]
    assert client.patch(address, json={}, headers={"If-Match": shown.headers["etag"]}).status_code == 412
    secret = client.post(f"{address}/secrets", headers={"Idempotency-Key": "two"}).json()
    assert secret["secret"].startswith("whsec_")
    assert secret["secret"] != made.json()["secret"]
    assert client.get(f"{address}/deliveries").json() == {"items": [], "next_cursor": None}
    assert client.delete(address, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert client.get(address).json()["type"] == "urn:overturn:problem:webhook-unknown"


@pytest.mark.parametrize("url", ["http://pms.example.com/", "https://10.0.0.1/", "https://localhost/", "file:///etc"])
def test_a_webhook_may_not_lead_into_the_network(reader: TestClient, url: str) -> None:
    refused = reader.post("/v1/webhooks", json={"url": url}, headers={"Idempotency-Key": url})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:webhook-refused")


def test_the_same_key_makes_one_webhook_and_shows_its_secret_again(client: TestClient) -> None:
    asked = {"json": {"url": "https://pms.example.com/in"}, "headers": {"Idempotency-Key": "hook-1"}}
    first, again = client.post("/v1/webhooks", **asked), client.post("/v1/webhooks", **asked)
    assert (first.content, again.headers["idempotency-replayed"]) == (again.content, "true")
    assert again.headers["location"] == first.headers["location"]
    assert len(client.get("/v1/webhooks").json()["items"]) == 1
    other = client.post("/v1/work", headers={"Idempotency-Key": "hook-1"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:overturn:problem:key-reused")


def test_a_request_with_a_key_that_is_being_answered_is_told_to_wait(client: TestClient) -> None:
    office = client.app.state.service.office  # type: ignore[attr-defined]
    made: dict[str, str] = {}

    def remember(office_: object, caller: str, key: str, print_: str) -> None:
        made.update(caller=caller, key=key, print=print_)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.idempotency._begin", lambda *given: remember(*given))
        client.post("/v1/work", headers={"Idempotency-Key": "slow"})
    # The state that a request in another thread leaves.
    _begin(office, made["caller"], made["key"], made["print"])
    waits = client.post("/v1/work", headers={"Idempotency-Key": "slow"})
    assert (waits.status_code, waits.json()["type"]) == (409, "urn:overturn:problem:key-in-progress")
    assert int(waits.headers["retry-after"]) > 0
    # One that was cut off (a kill) may be made again when its lease has ended.
    lease = timedelta(seconds=api_limits().idempotency.lease_seconds)
    with office.records.transaction() as tx:
        later = office.clock() + lease
        assert (
            tx.idempotency.begin(made["caller"], "slow", made["print"], later, lease=lease, kept=timedelta(days=7))
            == "begun"
        )


def test_rates_are_said_and_held_to(home: Path) -> None:
    with served(home) as client:
        said = client.get("/v1/work")
        assert said.headers["ratelimit-policy"] == '"read";q=3000;w=60'
        assert said.headers["ratelimit"].startswith('"read";r=2999;t=')
        assert "ratelimit" not in client.get("/health").headers


def test_beyond_the_rate_a_caller_is_told_when_to_come_again(home: Path) -> None:
    with served(home) as client:
        layer = client.app.middleware_stack  # type: ignore[attr-defined]
        while not isinstance(layer, RateLimited):
            layer = layer.app if hasattr(layer, "app") else layer._app
        layer._rates = {"read": Rate(requests=2, seconds=60), "write": Rate(requests=1, seconds=60)}
        assert [client.get("/v1/work").status_code for _ in range(3)] == [200, 200, 429]
        refused = client.get("/v1/work")
        assert refused.json()["type"] == "urn:overturn:problem:too-many-requests"
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"read";r=0;')
        assert client.post("/v1/work").status_code == 202  # another kind is counted alone
