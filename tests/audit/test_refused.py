"""Who was not let in stands on the trail: whom they claimed to be, from where, at what; never what they showed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_served import KEY
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from agent.office import Office
from api.access import passwords
from api.access.clients import ApiClients
from api.access.users import Users
from api.app import create_app
from api.offices import open_office
from api.refused import MOST_OF_ONE_ADDRESS
from api.settings import Settings
from knowledge.records.audit import AuditEntry

HERE = "http://127.0.0.1:8710"
SECRET = "maple otter crayon vivid"


@dataclass
class Server:
    client: TestClient
    office: Office
    now: list[datetime] = field(default_factory=list)

    def refused(self) -> list[AuditEntry]:
        with self.office.records.reading() as tx:
            entries = [one.read() for one in tx.audit.stored()]
        return [one for one in entries if one is not None and one.outcome == "refused"]

    def browser(self) -> TestClient:
        return TestClient(self.client.app, base_url=HERE, headers={"origin": HERE}, follow_redirects=False)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    now = [datetime(2026, 5, 1, 12, tzinfo=UTC)]
    app = create_app(
        Settings(home=tmp_path / "home", api_key=KEY),
        lambda given: open_office(given.home, make=True, clock=lambda: now[0]),
    )
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield Server(client, app.state.service.office, now)


def test_a_key_that_does_not_hold_is_entered_with_address_and_route_and_without_the_key(server: Server) -> None:
    answered = server.client.get("/v1/denials/den_okafor", headers={"x-api-key": "a-guess-at-the-key"})
    (entry,) = server.refused()
    assert (entry.actor_kind, entry.actor, entry.action, entry.outcome) == (
        *("nobody", "nobody"),
        *("read_denial", "refused"),
    )
    assert (entry.address, entry.request_id) == ("testclient", answered.headers["x-request-id"])
    assert (entry.detail["status"], entry.detail["problem"]) == (401, "key-required")
    assert not any(word in entry.said() for word in ("guess", "okafor"))


def test_a_failed_sign_in_names_the_user_there_is_and_never_what_was_typed(server: Server) -> None:
    user, _ = Users(server.office.records, server.office.clock).add("olin", "Olin", "biller", None, SECRET)
    browser = server.browser()
    for login, password in (("olin", "typed-wrongly"), (SECRET, "olin")):
        assert browser.post("/sign-in", data={"login": login, "password": password}).status_code == 401
    known, unknown = server.refused()
    assert (known.actor_kind, known.actor, known.action) == ("user", user.user_id, "take_password")
    assert (unknown.actor_kind, unknown.actor) == ("nobody", "nobody")
    told = " ".join(one.said() for one in (known, unknown))
    assert not any(word in told for word in ("typed-wrongly", SECRET, "olin"))
    assert browser.post("/sign-in", data={"login": "olin", "password": SECRET}).status_code == 303
    with server.office.records.reading() as tx:
        last = [one.read() for one in tx.audit.stored()][-1]
    assert last is not None
    assert (last.actor_kind, last.detail["signed_in"]["user"]) == ("nobody", user.user_id)


@pytest.mark.parametrize(
    "shown",
    [
        lambda client_id: {"data": {"client_id": client_id, "client_secret": "ovs_guess"}},
        lambda client_id: {"auth": (client_id, "ovs_guess")},
    ],
)
def test_a_wrong_secret_names_the_client_there_is(server: Server, shown: Callable[[str], dict]) -> None:
    client, _ = ApiClients(server.office.records, server.office.clock).add("pms", {"denials.read"}, None)
    asked = shown(client.client_id)
    asked["data"] = {"grant_type": "client_credentials", **asked.get("data", {})}
    assert server.client.post("/oauth/token", **asked).status_code == 401
    (entry,) = server.refused()
    assert (entry.actor_kind, entry.actor, entry.action) == ("client", client.client_id, "token")
    assert "ovs_guess" not in entry.said()


def test_an_ended_token_names_the_client_it_was_of(server: Server) -> None:
    clients = ApiClients(server.office.records, server.office.clock)
    client, _ = clients.add("pms", {"denials.read"}, None)
    token = clients.issue(client, None).token
    server.now[0] += timedelta(hours=2)
    assert server.client.get("/v1/denials", headers={"authorization": f"Bearer {token}"}).status_code == 401
    (entry,) = server.refused()
    assert (entry.actor_kind, entry.actor) == ("client", client.client_id)
    assert token not in entry.said()


def test_trying_without_end_leaves_one_entry_at_once_and_one_count_an_hour(server: Server) -> None:
    for _ in range(30):
        server.client.get("/v1/denials", headers={"x-api-key": "wrong"})
    assert len(server.refused()) == 1
    server.now[0] += timedelta(hours=1)
    server.client.get("/v1/denials", headers={"x-api-key": "wrong"})
    first, count, anew = server.refused()
    assert (first.detail.get("repeats"), count.detail["repeats"], anew.detail.get("repeats")) == (None, 29, None)
    assert count.detail["since"] == "2026-05-01T12:00:00+00:00"


def test_who_tries_every_address_is_counted_together_beyond_a_measure(server: Server) -> None:
    paths = [path for path in server.client.get("/openapi.json").json()["paths"] if path.startswith("/v1/")]
    assert len(paths) > MOST_OF_ONE_ADDRESS
    for path in (*paths, "/v1/made-up-1", "/v1/made-up-2"):
        server.client.get(path)
    assert len(server.refused()) == MOST_OF_ONE_ADDRESS + 1
    together = server.refused()[-1]
    assert (together.actor, together.action, together.address) == ("many", "refused", "testclient")
    server.client.app.state.refusals.settle()  # type: ignore[attr-defined]
    assert any(one.detail.get("repeats") for one in server.refused() if one.actor == "many")


def test_another_sites_page_is_entered_in_the_name_of_whose_browser_it_used(server: Server) -> None:
    Users(server.office.records, server.office.clock).add("olin", "Olin", "biller", None, SECRET)
    browser = server.browser()
    browser.post("/sign-in", data={"login": "olin", "password": SECRET})
    refused = browser.post("/account/password", headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert [(one.actor_kind, one.detail["problem"]) for one in server.refused()] == [("user", "origin-refused")]
