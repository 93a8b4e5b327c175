"""Every address that shows something of a patient leaves its entry on the trail: none is forgotten, whoever adds it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hostile_folder import hostile_folder
from test_permissions import all_routes, named

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import noon, served

from api.access.open_addresses import ROUTES
from api.auditing import UNAUDITED
from api.offices import open_office


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("entered")
    with open_office(root / "home", make=True, clock=noon, environment={}) as office:
        report = office.take_folder(hostile_folder(root / "folder"))
        assert report.practice_id is not None
        office.work(report.practice_id)
    with served(root / "home") as made:
        yield made


def test_every_reading_that_is_answered_is_on_the_trail(client: TestClient) -> None:
    records = client.app.state.service.office.records  # type: ignore[attr-defined]
    denials = client.get("/v1/denials").json()["items"]
    with_letter = next(
        one for one in denials if client.get(f"/v1/denials/{one['denial_id']}/packet").status_code == 200
    )
    values = {"denial_id": with_letter["denial_id"], "named": with_letter["evidence"][0]["id"], "kind": "packet"}
    groups = client.get("/v1/series").json()["items"]
    values["group_id"] = groups[0]["group_id"] if groups else "none"
    asked: dict[str, str] = {}
    for at, route in enumerate(all_routes()):
        if "GET" not in (route.methods or ()) or route.path in ROUTES or set(named(route)) <= UNAUDITED:
            continue
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", values.get(name, "none")).replace(f"{{{name}:path}}", "none")
        answered = client.get(path, headers={"x-request-id": f"walk-{at}", "accept": "text/html"})
        if answered.status_code == 200:
            asked[f"walk-{at}"] = route.path
    assert len(asked) > 25, sorted(asked.values())
    with records.reading() as repository:
        entries = [entry for stored in repository.audit.stored() if (entry := stored.read()) is not None]
    entered = {entry.request_id: entry for entry in entries}
    assert sorted(path for id_, path in asked.items() if id_ not in entered) == []
    for id_, path in asked.items():
        if "{denial_id}" in path:
            assert with_letter["denial_id"] in entered[id_].subjects, path
        assert entered[id_].actor_kind == "key"
        assert "pwned" not in entered[id_].said(), path


def test_every_change_that_is_answered_or_refused_is_on_the_trail(client: TestClient) -> None:
    records = client.app.state.service.office.records  # type: ignore[attr-defined]
    asked: dict[str, str] = {}
    for at, route in enumerate(all_routes()):
        methods = (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        if not methods or route.path in ROUTES or set(named(route)) <= UNAUDITED:
            continue
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", "none")
        for method in sorted(methods):
            headers = {"x-request-id": f"try-{at}", "idempotency-key": f"try-{at}"}
            client.request(method, path, json={"by": "Okafor"}, headers=headers)
            asked[f"try-{at}"] = route.path
    assert len(asked) > 25, sorted(asked.values())
    with records.reading() as repository:
        entries = [entry for stored in repository.audit.stored() if (entry := stored.read()) is not None]
    entered = {entry.request_id for entry in entries}
    assert sorted(path for id_, path in asked.items() if id_ not in entered) == []
    assert "okafor" not in " ".join(entry.said() for entry in entries if entry.request_id in asked).casefold()
