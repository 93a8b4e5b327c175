"""Standing, numbers and log of a server: what is wrong shows, and nothing of a patient does."""

import json
import logging
import re
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from agent.model.asking import Usage
from agent.model.tally import Tally
from api.app import create_app
from api.logs import REQUEST_ID, BadLogForm, DiscreetFormatter, JsonFormatter, log_form, logging_of
from api.metrics import Metrics
from api.service import Service
from api.settings import Settings


def numbers(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def service(client: TestClient) -> Service:
    return client.app.state.service  # type: ignore[attr-defined]


def test_a_server_that_can_work_says_of_each_part_that_it_can(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    parts = {"status": "ok", "database": "ok", "checkpoints": "ok", "codes": "ok", "worker": "ok"}
    assert client.get("/ready").json() == parts


@pytest.mark.parametrize("part", ["checkpoints", "codes", "worker"])
def test_a_part_that_cannot_be_used_is_named(client: TestClient, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    office = service(client).office
    if part == "checkpoints":
        office._runs.close()
    elif part == "codes":
        monkeypatch.setattr(type(office), "codes_loaded", False)
    else:
        service(client).worker._stopping = True
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["detail"] == f"{part} cannot be used now"
    assert answer.headers["retry-after"] == "10"
    assert client.get("/health").status_code == 200


def test_requests_are_counted_by_route_and_never_by_path(client: TestClient) -> None:
    for denial_id in ("den_one", "den_two"):
        client.get(f"/v1/denials/{denial_id}")
    client.request("BREW", "/v1/denials/den_three")
    client.get("/nowhere/at-all")
    found = numbers(client)
    name = "overturn_http_requests_total"
    asked = frozenset({"method": "GET", "route": "/v1/denials/{denial_id}", "status": "404"}.items())
    assert found[name, asked] == 2
    labels = {value for found_name, pairs in found for label, value in pairs if found_name == name}
    assert not [value for value in labels if "den_" in value or "nowhere" in value or value == "BREW"]


def test_denials_are_counted_by_status_and_route(client: TestClient) -> None:
    found = {pairs: value for (name, pairs), value in numbers(client).items() if name == "overturn_denials"}
    with service(client).office.records.reading() as repository:
        assert sum(found.values()) == 8
        assert {dict(pairs)["status"] for pairs in found} == {status for status, _ in repository.standing.denials()}


def test_nothing_of_a_patient_or_practice_is_in_the_numbers(client: TestClient) -> None:
    for path in ("/v1/denials", "/queue", "/dashboard"):
        client.get(path)
    text = client.get("/metrics").text.lower()
    with service(client).office.records.reading() as repository:
        (practice_id,) = repository.files.practice_ids()
        claims = {stored.denial.remit.claim_id.lower() for stored in repository.denials.all(practice_id)}
    for word in ("cedar", "okafor", "ced10018", practice_id, "den_", "j9271", *claims):
        assert word not in text


def test_numbers_are_for_who_may_see_them(client: TestClient) -> None:
    assert client.get("/metrics", headers={"x-api-key": "another-key-that-is-long"}).status_code == 401


def test_what_the_model_gave_is_counted_by_model(client: TestClient) -> None:
    metrics, tally = Metrics(), Tally()
    metrics.watch(service(client), tally)
    tally.add("small", Usage(input_tokens=10, output_tokens=2, requests=1, seconds=0.5), Decimal("0.25"), fault=False)
    tally.add("small", Usage(input_tokens=1, requests=1), None, fault=True)
    values = {
        name: metrics.registry.get_sample_value(f"overturn_model_{name}_total", {"model": "small"})
        for name in ("calls", "faults", "input_tokens", "output_tokens", "seconds", "dollars")
    }
    assert values == {
        "calls": 2, "faults": 1, "input_tokens": 11, "output_tokens": 2, "seconds": 0.5, "dollars": 0.25
    }  # fmt: skip


def lines(client: TestClient, caplog: pytest.LogCaptureFixture, path: str, **sent: str) -> list[dict[str, object]]:
    caplog.clear()
    with caplog.at_level(logging.INFO):
        client.get(path, headers={"x-request-id": "asked-1", **sent})
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "api.request"]


def test_a_request_leaves_one_line_with_route_and_id(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        (line,) = lines(client, caplog, "/v1/denials/den_one?practice=prc_1")
    assert (line["route"], line["status"], line["by"]) == ("/v1/denials/{denial_id}", 404, "key")
    assert "den_one" not in json.dumps(line)
    assert "prc_1" not in json.dumps(line)


def test_what_is_logged_within_a_request_carries_its_id() -> None:
    app = create_app(Settings(home=None, api_key=None, demo=True))  # type: ignore[arg-type]
    seen: list[str | None] = []

    @app.get("/health/again")
    def again() -> None:
        seen.append(REQUEST_ID.get())

    client = TestClient(app, base_url="http://127.0.0.1:8710")
    answer = client.get("/health/again", headers={"x-request-id": "asked-1"})
    assert answer.headers["x-request-id"] == "asked-1"
    assert seen == ["asked-1"]


def test_an_error_says_its_kind_and_frames_and_nothing_else() -> None:
    try:
        raise ValueError("Okafor, Ada")
    except ValueError:
        record = logging.LogRecord("api", logging.ERROR, __file__, 1, "it failed", (), __import__("sys").exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["error"] == "ValueError"
    assert re.search(r"test_watching_it_run\.py", line)
    assert "Okafor" not in line.replace('raise ValueError(\\"Okafor, Ada\\")', "")


def test_the_log_has_the_form_that_was_asked_for() -> None:
    assert (log_form(None), log_form("JSON"), log_form("")) == ("text", "json", "text")
    with pytest.raises(BadLogForm, match="OVERTURN_LOG"):
        log_form("xml")
    assert logging_of("json")["handlers"]["stderr"]["formatter"] == "json"


@pytest.mark.parametrize("formatter", [JsonFormatter(), DiscreetFormatter("%(message)s")])
def test_what_other_code_says_is_not_repeated_and_where_it_was_said_is(formatter: logging.Formatter) -> None:
    """asyncio says of a forgotten task what its error said; ours name ids and counts alone."""
    theirs = logging.LogRecord("asyncio", logging.ERROR, "/x/base.py", 7, "exception=%r", (ValueError("Okafor"),), None)
    ours = logging.LogRecord("api.worker", logging.ERROR, "/x/worker.py", 7, "denial %s failed", ("den_1",), None)
    assert "Okafor" not in formatter.format(theirs)
    assert "asyncio" in formatter.format(theirs)
    assert "base:7" in formatter.format(theirs)
    assert "denial den_1 failed" in formatter.format(ours)


def test_a_crash_tells_the_caller_and_the_log_nothing_of_a_patient(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def crash() -> None:
        try:
            raise KeyError("Okafor, Ada")
        except KeyError as fault:
            raise RuntimeError("MRN 4711 of Okafor") from fault

    client.app.get("/health/crash")(crash)  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        answer = client.get("/health/crash", headers={"x-request-id": "asked-7"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == "asked-7"
    for formatter in (JsonFormatter(), DiscreetFormatter("%(message)s")):
        told = answer.text + "".join(formatter.format(record) for record in caplog.records)
        assert "RuntimeError" in told
        assert "GET /health/crash failed" in told
        for line in ('raise KeyError("Okafor, Ada")', 'raise RuntimeError("MRN 4711 of Okafor")'):  # lines of the code
            told = told.replace(line, "").replace(line.replace('"', '\\"'), "")
        assert "Okafor" not in told
        assert "4711" not in told


def test_whatever_is_asked_for_the_series_stay_as_many(client: TestClient) -> None:
    def asked() -> int:
        for number in range(5):
            client.get(f"/v1/denials/den_{number}")
            client.get(f"/nowhere/{number}")
            client.request(f"VERB{number}", "/v1/denials")
        return len(numbers(client))

    asked()  # the numbers' own route is counted from now on
    assert asked() == asked()
