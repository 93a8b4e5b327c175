"""Idempotency-Key on every POST there is: counted once, answered the same, after a restart too."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from api_served import served
from fastapi.testclient import TestClient

from api.idempotency import REPLAYED

HOOK = {"url": "https://pms.example.com/in"}
ABOUT = {"denial_id": "den_00000000000000000000", "group_id": "ser_00000000", "rule_id": "rul_00000000", "key": "k"}


def _posts(client: TestClient) -> list[tuple[str, dict[str, Any]]]:
    """Every POST of the API, with a request made of its description's examples; what it names is not there."""
    found = []
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        operation = methods.get("post")
        if operation is None or not path.startswith("/v1/"):
            continue
        headers = {"If-Match": '"seen"', "Idempotency-Key": path}
        for one in operation["parameters"]:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", ABOUT.get(one["name"], str(one["example"])))
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            found.append((path, {"json": content["application/json"]["example"], "headers": headers}))
        elif content:
            kind = next(iter(content))
            found.append((path, {"content": b"x", "headers": {**headers, "content-type": kind}}))
        else:
            found.append((path, {"headers": headers}))
    return found


def test_every_post_counts_once_with_a_key_and_is_answered_the_same_after_a_restart(home: Path) -> None:
    first: dict[str, tuple[int, bytes]] = {}
    with served(home) as client:
        posts = _posts(client)
        for path, sent in posts:
            answered = client.post(path, **sent)
            if answered.status_code == 412:  # it looks at the version first
                sent["headers"]["If-Match"] = answered.headers["etag"]
                answered = client.post(path, **sent)
            assert answered.status_code < 500, (path, answered.text)
            first[path] = (answered.status_code, answered.content)
            again = client.post(path, **sent)
            assert again.headers.get(REPLAYED) == "true", (path, answered.status_code, answered.text)
    assert len(first) > 20
    with served(home) as client:
        for path, sent in posts:
            again = client.post(path, **sent)
            assert (again.status_code, again.content) == first[path], path
            assert again.headers[REPLAYED] == "true", path
            other = client.post(path, content=b"{}  ", headers={**sent["headers"], "content-type": "application/json"})
            assert (other.status_code, other.json()["type"]) == (422, "urn:overturn:problem:key-reused"), path


def test_the_same_key_at_the_same_time_has_one_effect(client: TestClient) -> None:
    def make(_turn: int) -> tuple[int, str]:
        answered = client.post("/v1/webhooks", json=HOOK, headers={"Idempotency-Key": "at once"})
        return answered.status_code, answered.text

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(make, range(12)))
    made = {text for status, text in answers if status == 201}
    waits = [text for status, text in answers if status == 409]
    assert len(made) == 1
    assert len(waits) == sum("key-in-progress" in text for text in waits) == 12 - sum(s == 201 for s, _ in answers)
    assert len(client.get("/v1/webhooks").json()["items"]) == 1


def test_two_servers_on_one_home_count_a_key_once_between_them(home: Path) -> None:
    with served(home) as one, served(home) as other:
        asked = {"json": HOOK, "headers": {"Idempotency-Key": "either"}}
        first, second = one.post("/v1/webhooks", **asked), other.post("/v1/webhooks", **asked)
        assert first.content == second.content
        assert len(other.get("/v1/webhooks").json()["items"]) == 1


def test_a_webhook_or_secret_is_not_made_without_a_key_and_the_description_says_so(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    demanded = {
        path
        for path, methods in described.items()
        for one in methods.get("post", {}).get("parameters", ())
        if one["name"] == "Idempotency-Key" and one["required"]
    }
    assert demanded == {"/v1/webhooks", "/v1/webhooks/{webhook_id}/secrets"}
    refused = client.post("/v1/webhooks", json=HOOK)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:overturn:problem:idempotency-key-missing")
    assert client.get("/v1/webhooks").json()["items"] == []
