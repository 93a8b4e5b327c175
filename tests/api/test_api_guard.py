import logging
import sys
from pathlib import Path

import pytest
from api_served import KEY, noon, served
from fastapi.testclient import TestClient

from api.logs import DiscreetFormatter
from api.offices import open_office
from api.settings import BadSettings, Settings

SECURED = ("/v1/denials", "/v1/practices", "/v1/work", "/v1/nothing", "/nothing")


@pytest.mark.parametrize("path", SECURED)
def test_without_a_key_nothing_is_answered(client: TestClient, path: str) -> None:
    client.headers.pop("X-API-Key")
    _refused(client.get(path), "Bearer")


@pytest.mark.parametrize(
    "headers", [{"X-API-Key": ""}, {"X-API-Key": "wrong"}, {"X-API-Key": "é"}, {"Authorization": "Bearer wrong"}]
)
def test_a_wrong_key_opens_nothing(reader: TestClient, headers: dict) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    _refused(reader.get("/v1/denials", headers=sent), 'Bearer error="invalid_token"')


def _refused(answered, challenge: str) -> None:
    assert (answered.status_code, answered.json()["type"]) == (401, "urn:overturn:problem:key-required")
    assert answered.headers["www-authenticate"] == challenge


def test_the_key_may_come_as_a_bearer_token(client: TestClient) -> None:
    client.headers.pop("X-API-Key")
    assert client.get("/v1/practices", headers={"Authorization": f"Bearer {KEY}"}).status_code == 200


@pytest.mark.parametrize("path", ["/api", "/health", "/ready", "/openapi.json"])
def test_what_says_nothing_about_patients_is_open(client: TestClient, path: str) -> None:
    client.headers.pop("X-API-Key")
    answer = client.get(path)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("declared", [True, False])
def test_a_request_over_the_limit_is_refused_whether_it_says_its_size_or_not(home: Path, declared: bool) -> None:
    with served(home, max_body=1000) as client:
        body = b"x" * 1001
        refused = client.post("/v1/remits", content=body if declared else iter([body[:600], body[600:]]))
        assert (refused.status_code, refused.json()["type"]) == (413, "urn:overturn:problem:too-large")
        review = client.post(
            "/v1/denials/den_1/review", content=iter([body]), headers={"content-type": "application/json"}
        )
        assert review.status_code == 413


def test_the_demo_needs_no_key_but_answers_to_this_machine_only(home: Path) -> None:
    with served(home, api_key=None, demo=True) as client:
        assert client.get("/v1/practices").status_code == 200
        assert client.get("/v1/practices", headers={"host": "evil.example"}).json()["status"] == 403
        other_site = client.post("/v1/work", headers={"origin": "http://evil.example"})
        assert other_site.json()["type"] == "urn:overturn:problem:origin-refused"
        assert client.post("/v1/work", headers={"origin": "http://127.0.0.1:8710"}).status_code == 202


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"api_key": None}, "OVERTURN_API_KEY"),
        ({"api_key": "short"}, "at least 16"),
        ({"api_key": None, "demo": True, "host": "0.0.0.0"}, "127.0.0.1 only"),
    ],
)
def test_unsafe_settings_are_refused(settings: dict, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        Settings(home=Path("home"), **settings).checked()


def test_every_answer_carries_a_request_id_and_keeps_itself_to_itself(reader: TestClient) -> None:
    given = reader.get("/v1/nothing", headers={"x-request-id": "pms-1"})
    assert given.headers["x-request-id"] == given.json()["request_id"] == "pms-1"
    made = reader.get("/v1/practices", headers={"x-request-id": "a b\tc"})
    assert made.headers["x-request-id"] not in ("", "a b\tc")
    for name, value in (
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ):
        assert made.headers[name] == value


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("DELETE", "/v1/denials", 405, "method-not-allowed"),
        ("GET", "/v1/denials?limit=0", 422, "invalid-request"),
        ("GET", "/v1/denials?remedy=prayer", 422, "invalid-request"),
        ("GET", "/v1/denials?cursor=nonsense", 400, "bad-cursor"),
        ("GET", "/v1/denials?practice=prc_0", 404, "practice-unknown"),
        ("GET", "/v1/denials/den_0", 404, "denial-unknown"),
        ("GET", "/v1/denials/den_0/packet", 404, "product-missing"),
    ],
)
def test_every_error_is_a_problem_document(reader: TestClient, method: str, path: str, status: int, name: str) -> None:
    answered = reader.request(method, path)
    assert answered.headers["content-type"] == "application/problem+json"
    problem = answered.json()
    assert (answered.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"urn:overturn:problem:{name}"
    assert problem["instance"] == path.partition("?")[0]
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"]


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "approve", "reason": "", "by": "M"},
        {"decision": "perhaps", "reason": "x", "by": "M"},
        {"decision": "edit", "reason": "x", "by": "M"},
        {"decision": "edit", "reason": "x", "by": "M", "changes": {}},
        {"decision": "approve", "reason": "x", "by": "M", "changes": {"note": "y"}},
        {"decision": "edit", "reason": "x", "by": "M", "changes": {"paid": "1"}},
        {"decision": "approve", "reason": "x", "by": "M", "patient": "Okafor"},
    ],
)
def test_an_invalid_review_is_refused_without_repeating_what_was_sent(reader: TestClient, body: dict) -> None:
    refused = reader.post("/v1/denials/den_0/review", json=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:invalid-request")
    assert refused.json()["errors"]
    assert "Okafor" not in refused.text


def test_a_review_of_an_unknown_denial_is_not_found(reader: TestClient) -> None:
    body = {"decision": "approve", "reason": "x", "by": "M"}
    headers = {"If-Match": '"seen"'}
    refused = reader.post("/v1/denials/den_0/review", json=body, headers=headers)
    assert refused.json()["type"] == "urn:overturn:problem:denial-unknown"


def test_an_error_of_ours_says_nothing_of_what_it_was_about(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_office: object) -> None:
        raise KeyError("Okafor, Ada")

    monkeypatch.setattr(type(client.app.state.service.office), "practices", fails)  # type: ignore[attr-defined]
    answered = client.get("/v1/practices")
    assert (answered.status_code, answered.json()["type"]) == (500, "urn:overturn:problem:internal")
    assert answered.headers["x-request-id"] == answered.json()["request_id"]
    assert "Okafor" not in answered.text


def test_the_log_names_an_error_without_its_message() -> None:
    try:
        raise KeyError("Okafor, Ada")
    except KeyError:
        record = logging.LogRecord("api", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    written = DiscreetFormatter("%(message)s").format(record)
    assert "KeyError" in written
    assert "test_api_guard.py" in written
    assert written.count("Okafor") == 1  # the line of code above; never the error's own message
    assert not written.endswith("'Okafor, Ada'")


def test_a_home_of_several_practices_asks_which(home: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = (folder / "practice.yaml").read_text().replace("841234567", "840000000").replace("Cedar", "Aspen")
    (other / "practice.yaml").write_text(text)
    with open_office(home, clock=noon) as office:
        office.take_folder(other)
    with served(home) as client:
        asked = client.get("/v1/denials")
        assert (asked.status_code, asked.json()["type"]) == (400, "urn:overturn:problem:practice-required")
        names = {practice["practice_id"] for practice in client.get("/v1/practices").json()["items"]}
        assert set(asked.json()["practices"]) == names
        assert all(client.get("/v1/denials", params={"practice": name}).status_code == 200 for name in names)


def test_a_home_without_a_practice_says_what_to_do_first(tmp_path: Path) -> None:
    with served(tmp_path / "empty") as client:
        refused = client.post("/v1/remits", content=b"ISA")
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:overturn:problem:no-practice")
        assert client.get("/v1/practices").json()["items"] == []
