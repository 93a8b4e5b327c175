"""Outcomes by API and command: entered, withdrawn, told as a timeline, added up."""

import base64
import json
from decimal import Decimal
from pathlib import Path

from cli_running import run
from fastapi.testclient import TestClient

READY = "den_9521f2aa9451e870bc0e"
UPHELD = {"result": "upheld", "on": "2026-04-20", "by": "Pat", "reference": "R-1", "codes": ["CO-198"]}


def test_a_decision_entered_opens_the_next_level_counts_once_and_is_withdrawn(client: TestClient) -> None:
    url = f"/v1/denials/{READY}/outcomes"
    first = client.post(url, json=UPHELD, headers={"idempotency-key": "k1"})
    assert first.status_code == 200, first.text
    assert first.json()["entry"]["key"] == "k1"
    assert client.post(url, json=UPHELD, headers={"idempotency-key": "k1"}).json()["entry"]["key"] == "k1"
    other = client.post(url, json={**UPHELD, "result": "overturned"}, headers={"idempotency-key": "k1"})
    assert (other.status_code, other.json()["type"].rpartition(":")[2]) == (422, "key-reused")
    life = client.get(f"/v1/denials/{READY}/timeline").json()
    assert {"upheld", "level_opened"} <= {entry["kind"] for entry in life["entries"]}
    gone = client.post(f"{url}/k1/withdraw", json={"by": "Kim", "reason": "misread"})
    assert gone.status_code == 200
    assert gone.json()["entry"]["withdrawn_by"] == "Kim"
    assert client.post(f"{url}/k1/withdraw", json={"by": "Kim", "reason": "misread"}).status_code == 422


def test_a_decision_that_does_not_fit_is_refused_with_what_is_wrong(client: TestClient) -> None:
    url = f"/v1/denials/{READY}/outcomes"
    late = client.post(url, json={**UPHELD, "on": "2099-01-01"})
    assert (late.status_code, "future" in late.json()["detail"]) == (422, True)
    bad = {"name": "x.pdf", "data": base64.b64encode(b"MZ").decode()}
    assert client.post(url, json={**UPHELD, "letter": bad}).status_code == 422
    assert client.post(url, json={**UPHELD, "letter": {"name": "x", "data": "%%"}}).status_code == 422
    assert client.post(url, json={**UPHELD, "result": "vanished"}).status_code == 422
    assert client.post("/v1/denials/den_none/outcomes", json=UPHELD).status_code == 404
    assert client.get("/v1/denials/den_none/timeline").status_code == 404


def test_the_practices_outcomes_add_up(reader: TestClient) -> None:
    found = reader.get("/v1/outcomes").json()
    parts = ("recovered", "otherwise", "provider_level", "unexplained")
    assert Decimal(found["cash"]["cash"]) == sum(Decimal(found["cash"][name]) for name in parts)
    assert found["items"] == []
    assert reader.get("/v1/outcomes/unanswered").json()["items"] == []


def test_by_command_a_decision_is_entered_told_and_taken_back(home: Path) -> None:
    entered = run("outcome", READY, "upheld", "--on", "2026-04-20", "--as", "Pat", "--key", "k1", "--home", str(home))
    assert entered.exit_code == 0, entered.output
    told = run("timeline", READY, "--format", "json", "--home", str(home))
    entries = [json.loads(line) for line in told.stdout.splitlines()]
    assert [e["kind"] for e in entries if e["key"] == "entered:k1"] == ["upheld"]
    assert run("timeline", READY, "--home", str(home)).exit_code == 0
    assert run("cash", "--home", str(home)).exit_code == 0
    undated = run("outcome", READY, "upheld", "--as", "Pat", "--home", str(home), code=2)
    assert "--on is missing" in undated.output
    gone = run(
        *("outcome", READY, "withdraw", "--key", "k1", "--reason", "misread", "--as", "Kim", "--home", str(home))
    )
    assert gone.exit_code == 0, gone.output
    assert json.loads(run("cash", "--format", "json", "--home", str(home)).stdout)["unexplained"] == "0.00"
