"""What is coming: `overturn watch` and `overturn sweep`, and the same over the API, where nobody is named."""

import json
from collections import Counter
from pathlib import Path

from cli_running import records, run
from fastapi.testclient import TestClient

from agent.series.groups import OPEN

PATIENT = "Okafor"


def test_watch_names_the_patient_and_shows_date_fault_remedy_and_sources(home: Path) -> None:
    shown = run("watch", "--home", home).stdout
    assert f"{PATIENT}, Grace" in shown
    assert "2026-04-27" in shown
    assert "last given 2026-03-16 + 42 days (order of 2026-03-02)" in shown
    assert "200 too few" in shown
    assert "auths/cascade.csv:2" in shown


def test_watch_as_json_holds_every_treatment_with_its_patients_name(home: Path) -> None:
    told = json.loads(run("watch", "--home", home, "--format", "json").stdout)
    assert {row["patient_name"] for row in told["treatments"]} == {f"{PATIENT}, Grace"}
    assert {row["hcpcs"] for row in told["treatments"]} == {"J9271", "J0897"}


def test_watch_counts_from_another_day_when_asked(home: Path) -> None:
    told = json.loads(run("watch", "--home", home, "--as-of", "2026-04-20", "--format", "json").stdout)
    (planned,) = [row for row in told["treatments"] if row["hcpcs"] == "J9271"]
    assert (told["as_of"], planned["standing"]) == ("2026-04-20", "planned")
    assert run("watch", "--home", home, "--as-of", "soon", code=2).stdout == ""


def test_the_api_warns_by_id_and_names_nobody(reader: TestClient) -> None:
    answer = reader.get("/v1/watch")
    assert answer.status_code == 200
    (warning,) = answer.json()["items"]
    assert warning["patient"].startswith("pat_")
    assert (warning["kind"], warning["expected"], warning["auth_number"]) == ("auth-units-short", "2026-04-27", "A-1")
    assert PATIENT not in json.dumps(answer.json())
    assert reader.get("/v1/watch", params={"as_of": "soon"}).status_code == 422


def test_the_sweep_holds_every_open_denial_once_on_screen_and_over_the_api(home: Path, reader: TestClient) -> None:
    open_ids = sorted(record.denial_id for record in records(home) if record.status in OPEN)
    assert open_ids
    told = json.loads(run("sweep", "--home", home, "--format", "json").stdout)
    groups = [group for bucket in told["buckets"] for group in (*bucket["groups"], *bucket["batches"])]
    assert sorted(denial["denial_id"] for group in groups for denial in group["denials"]) == open_ids
    paged = whole(reader, "/v1/sweep")
    assert sorted(denial["denial_id"] for denial in paged) == open_ids
    sums = {bucket["name"]: bucket["count"] for bucket in told["buckets"] if bucket["count"]}
    assert Counter(denial["bucket"] for denial in paged) == sums
    by_bucket = [whole(reader, "/v1/sweep", bucket=name) for name in sums]
    assert sorted(denial["denial_id"] for page in by_bucket for denial in page) == open_ids
    shown = run("sweep", "--home", home).stdout
    assert f"{len(open_ids)} open denial" in shown


def test_the_sweep_moves_with_the_day_asked_and_a_cursor_keeps_it(home: Path, reader: TestClient) -> None:
    later = json.loads(run("sweep", "--home", home, "--as-of", "2027-05-01", "--format", "json").stdout)
    filled = {bucket["name"] for bucket in later["buckets"] if bucket["count"]}
    assert filled <= {"ran_out_before", "no_clock_known"}
    first = reader.get("/v1/sweep", params={"as_of": "2027-05-01", "limit": 1}).json()
    assert {one["name"] for one in first["buckets"] if one["count"]} == filled
    second = reader.get("/v1/sweep", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert second["as_of"] == "2027-05-01"
    assert second["items"][0]["denial_id"] != first["items"][0]["denial_id"]
    other_day = reader.get("/v1/sweep", params={"as_of": "2026-05-02", "cursor": first["next_cursor"]})
    assert (other_day.status_code, other_day.json()["type"]) == (400, "urn:overturn:problem:bad-cursor")


def test_treatments_are_listed_with_what_was_not_compared(reader: TestClient) -> None:
    found = whole(reader, "/v1/watch/treatments")
    assert {one["hcpcs"] for one in found} == {"J9271", "J0897"}


def whole(reader: TestClient, address: str, **asked: str) -> list[dict]:
    """Every item of a listing, one a page."""
    found, cursor = [], None
    while True:
        page = reader.get(address, params={**asked, "limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_no_line_of_the_sweep_is_wider_than_the_terminal(home: Path) -> None:
    for columns in (80, 120):
        assert max(map(len, run("sweep", "--home", home, columns=columns).stdout.splitlines())) <= columns
