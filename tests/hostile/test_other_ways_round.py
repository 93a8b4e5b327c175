"""What one route refuses, no other route lets through; and what stays behind in a browser says nothing of a patient."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from door import CEDAR
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import noon, served

from api.offices import open_office

PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
SITE = {"accept": "text/html", "origin": "http://127.0.0.1:8710"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("ways")
    for part in PARTS:
        (root / "folder" / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CEDAR / part, root / "folder" / part)
    with open_office(root / "home", make=True, clock=noon) as office:
        report = office.take_folder(root / "folder")
        assert report.practice_id is not None
        office.work(report.practice_id)
    with served(root / "home") as made:
        yield made


def _with_clock(client: TestClient) -> tuple[str, str]:
    """A denial, and the day its clock runs out."""
    items = client.get("/v1/denials").json()["items"]
    return next(
        (one["denial_id"], min(clock["date"] for clock in one["deadlines"]))
        for one in items
        if one["status"] == "in_review" and one["deadlines"]
    )


def _snoozed(client: TestClient, denial: str) -> str | None:
    office = client.app.state.service.office  # type: ignore[attr-defined]
    ((practice_id, _),) = office.practices()
    with office.records.reading() as repository:
        until = repository.worklist.items(practice_id, [denial])[denial].snoozed_until
    return until.isoformat() if until else None


def test_no_way_leads_a_case_to_sleep_beyond_its_clock_or_for_good(client: TestClient) -> None:
    denial, runs_out = _with_clock(client)
    for until in ("2026-12-31", "9999-12-31", "2026-04-01"):
        assert until != runs_out
        answered = client.post(f"/case/{denial}/snooze", data={"until": until}, headers=SITE)
        assert answered.status_code == 422, until
        asked = {"mark": "snoozed_until", "now": None, "was": {denial: until}}
        client.post("/queue/restore", json=asked)
        assert _snoozed(client, denial) in (None, "2026-04-01"), until
    assert client.post("/queue/snooze", data={"ids": denial, "days": "90"}).status_code == 422


def test_titles_stay_in_a_browsers_history_and_name_nobody(client: TestClient) -> None:
    items = client.get("/v1/denials").json()["items"]
    told = {value for one in items for value in (one["remit"]["claim_id"], one["remit"]["payer_claim_number"]) if value}
    told |= {"Okafor", "OKAFOR"}
    pages = ["/queue", "/dashboard", "/series", "/rules", "/outbox"]
    pages += [f"/case/{one['denial_id']}" for one in items]
    evidence = [found["id"] for found in items[0]["evidence"][:5]]
    pages += [f"/case/{items[0]['denial_id']}/source/{name}" for name in evidence]
    for path in pages:
        answered = client.get(path, headers=SITE)
        title = re.search(r"<title>(.*?)</title>", answered.text, re.DOTALL)
        assert title, path
        assert [mark for mark in told if mark in title[1]] == [], (path, title[1])
        assert not [mark for mark in told if mark in path]
        assert answered.headers["cache-control"] == "no-store"
        assert answered.headers["x-frame-options"] == "DENY"
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in answered.headers["content-security-policy"]


def test_links_of_pages_carry_ids_and_filters_but_no_words_of_a_patient(client: TestClient) -> None:
    items = client.get("/v1/denials").json()["items"]
    for path in ("/queue", "/outbox", "/series", f"/case/{items[0]['denial_id']}", "/dashboard"):
        text = client.get(path, headers=SITE).text
        links = " ".join(re.findall(r'(?:href|action|hx-get|hx-post|src)="([^"]*)"', text))
        assert "kafor" not in links.casefold()
        assert not [one["remit"]["claim_id"] for one in items if one["remit"]["claim_id"] in links], path


@pytest.mark.parametrize("host", ["overturn.example", "10.0.0.5:8710"])
def test_beyond_this_machine_every_cookie_is_bound_to_tls(client: TestClient, host: str) -> None:
    headers = {"host": host, "accept": "text/html"}
    answered = client.post("/queue/practice", headers=headers, follow_redirects=False)
    assert answered.status_code == 303, answered.text
    cookie = answered.headers["set-cookie"].lower()
    assert "secure" in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
