"""Two practices with the same claims in one home: a user or client of one sees nothing of the other, at any address."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from door import BEGIN, CEDAR, HERE, KEY, Door, opened_door
from fastapi.testclient import TestClient
from test_permissions import all_routes, named

from api.access.open_addresses import ROUTES
from api.access.permissions import permissions_by_role
from api.offices import open_office

PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
OURS, THEIRS = "841234567", "840000000"
MARKS = ("Okafor", "Aspen Oncology")
"""What only the other practice says: its name, and its patient's where ours has another."""


def _folder(root: Path, tax_id: str) -> Path:
    made = root / tax_id
    for part in PARTS:
        (made / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CEDAR / part, made / part)
    for file in sorted(made.rglob("*")):
        if file.is_file():
            text = file.read_text().replace("841234567", tax_id)
            if tax_id == THEIRS:
                text = text.replace("Cedar Oncology Associates", "Aspen Oncology")
            else:
                text = text.replace("Okafor", "Marchetti").replace("OKAFOR", "MARCHETTI").replace("okafor", "marchetti")
            file.write_text(text)
            if tax_id == OURS:  # a chart's file is named after its patient
                file.rename(file.with_name(file.name.replace("okafor", "marchetti")))
    return made


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    root = tmp_path_factory.mktemp("tenants")
    with open_office(root / "home", make=True, clock=lambda: BEGIN) as office:
        for tax_id in (OURS, THEIRS):
            report = office.take_folder(_folder(root, tax_id))
            assert report.practice_id is not None
            office.work(report.practice_id)
    with opened_door(root / "home") as made:
        yield made


def _ids(door: Door, practice_id: str) -> set[str]:
    return {record.denial_id for record in door.office.records_of(practice_id)}


def _tenants(door: Door) -> tuple[str, str]:
    names = door.practices
    return names["Cedar Oncology Associates"], names["Aspen Oncology"]


@pytest.fixture(scope="module")
def ours(both: Door) -> dict[str, TestClient]:
    """A user of every role, and a client, all of our practice only."""
    mine, _ = _tenants(both)
    found = {}
    for role in ("biller", "coder", "clinician", "manager", "administrator"):
        both.user(f"{role}.here", role, [mine])
        found[role] = both.signed_in(f"{role}.here")
    client, secret = both.clients().add("pms", permissions_by_role()["service"], [mine])
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    token = both.app.post("/oauth/token", data=asked).json()["access_token"]
    found["service"] = TestClient(
        both.app.app, base_url=HERE, headers={"authorization": f"Bearer {token}"}, raise_server_exceptions=False
    )
    return found


def test_the_two_hold_the_same_claims(both: Door) -> None:
    mine, theirs = _tenants(both)
    assert {each.remit.claim_id for each in both.office.records_of(mine)} & {
        each.remit.claim_id for each in both.office.records_of(theirs)
    }
    shown = "".join(
        both.app.get(f"{page}/{denial}", params={"practice": theirs}, headers={"x-api-key": KEY}).text
        for denial in sorted(_ids(both, theirs))
        for page in ("/v1/denials", "/case")
    ).casefold()
    assert [mark for mark in MARKS if mark.casefold() in shown] == list(MARKS)  # what the walk looks for is there
    assert "Okafor" not in str(list(both.office.records_of(mine)))


def _address(path: str, values: dict[str, str], denial: str) -> str:
    for name in ("denial_id", "user_id", "client_id", "group_id", "rule_id", "send_id", "key", "id"):
        path = path.replace(f"{{{name}}}", values.get(name, denial))
    for name, value in (("part", "handed"),):
        path = path.replace(f"{{{name}}}", value)
    return path


def _others(both: Door) -> dict[str, str]:
    _, theirs = _tenants(both)
    user = next((each for each in both.users().all() if each.login == "them"), None) or both.user(
        "them", "biller", [theirs]
    )
    clients = {each.name: each for each in both.clients().all()}
    client = clients.get("their pms") or both.clients().add("their pms", {"denials.read"}, [theirs])[0]
    return {"user_id": user.user_id, "client_id": client.client_id}


def test_no_address_gives_anything_of_the_other_practice(both: Door, ours: dict[str, TestClient]) -> None:
    _, theirs = _tenants(both)
    others, denials = _others(both), sorted(_ids(both, theirs) - _ids(both, _tenants(both)[0]))
    only_theirs = denials or sorted(_ids(both, theirs))
    read = 0
    for route in all_routes():
        if "GET" not in (route.methods or ()) or route.path in ROUTES:
            continue
        for address in sorted({_address(route.path, others, denial) for denial in only_theirs}):
            for role, sender in ours.items():
                if named(route)[0] not in permissions_by_role()[role]:
                    continue
                for query in ({}, {"practice": theirs}):
                    answered = sender.get(address, params=query)
                    shown = answered.content.lower()  # payers write names in capitals
                    leaked = [mark for mark in (*MARKS, theirs) if mark.lower().encode() in shown]
                    # A refusal may name the practice that was asked for: the sender named it.
                    if answered.status_code == 404 and query:
                        leaked = [mark for mark in leaked if mark != theirs]
                    assert not leaked, (role, address, query, leaked)
                    if "{denial_id}" in route.path and denials:
                        assert answered.status_code in (404, 422), (role, address, query)
                    read += 1
    assert read > 100


def test_nothing_of_the_other_practice_can_be_changed(both: Door, ours: dict[str, TestClient]) -> None:
    _, theirs = _tenants(both)
    others, denial = _others(both), sorted(_ids(both, theirs))[0]
    before = _state(both, theirs)
    tried = 0
    for route in all_routes():
        for method in sorted((route.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if route.path in ROUTES or route.path.startswith(("/sign-out", "/account")):
                continue
            address = _address(route.path, others, denial)
            for role, sender in ours.items():
                if named(route)[0] not in permissions_by_role()[role]:
                    continue
                body = {"decision": "reject", "reason": "x", "name": "x", "login": "x@x.example", "role": "biller"}
                forms = route.path.startswith(("/users", "/clients"))
                sent = {"data": {**body, "practices": theirs, "scopes": "denials.read"}} if forms else {"json": body}
                answered = sender.request(method, address, params={"practice": theirs}, **sent)
                assert answered.status_code in (400, 404, 422), (role, method, address, answered.status_code)
                tried += 1
    assert tried > 40
    assert _state(both, theirs) == before


def _state(door: Door, practice_id: str) -> tuple[object, ...]:
    with door.office.records.reading() as tx:
        denials = [(each.denial_id, each.status, each.revision) for each in tx.denials.all(practice_id)]
        return (*denials, len(tx.access.users()), len(tx.clients.all()), tx.files.findings(practice_id))


def test_practices_of_others_are_as_if_they_were_not_there(both: Door, ours: dict[str, TestClient]) -> None:
    mine, theirs = _tenants(both)
    for role in ("biller", "service"):
        assert [each["practice_id"] for each in ours[role].get("/v1/practices").json()["items"]] == [mine]
        listed = ours[role].get("/v1/denials")  # one of two: none need be named
        assert {each["denial_id"] for each in listed.json()["items"]} == _ids(both, mine)
        refused = ours[role].get("/v1/denials", params={"practice": theirs})
        unknown = ours[role].get("/v1/denials", params={"practice": "prc_0"})
        assert (refused.status_code, refused.json()["type"]) == (404, unknown.json()["type"])
        assert refused.json()["detail"].replace(theirs, "prc_0") == unknown.json()["detail"]


def test_who_manages_users_of_one_practice_gives_no_more_than_is_theirs(
    both: Door, ours: dict[str, TestClient]
) -> None:
    mine, theirs = _tenants(both)
    administrator = ours["administrator"]
    listed = administrator.get("/users").text
    assert "biller.here" in listed
    assert ">them<" not in listed
    new = {"login": "new@cedar.example", "name": "New", "role": "administrator"}
    assert administrator.post("/users", data={**new, "practices": [mine, theirs]}).status_code == 422
    assert administrator.post("/users", data={**new, "every": "true"}).status_code == 422
    assert administrator.post("/users", data={**new, "practices": [mine]}).status_code == 200
    made = both.users().find("new@cedar.example")
    assert made.practices == {mine}
    assert administrator.post(f"/users/{made.user_id}/change", data={"role": "biller", "every": "1"}).status_code == 422
    assert administrator.post("/clients", data={"name": "x", "scopes": "denials.read", "every": "1"}).status_code == 422
