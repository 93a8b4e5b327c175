"""Webhooks as a page: made, secret shown once, failures with every try, sent again, disabled and taken away."""

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook as Verifier

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import KEY

from agent.office import Office
from api.app import create_app
from api.offices import open_office
from api.settings import Settings
from api.webhooks.carrier import Carrier
from api.webhooks.courier import Courier
from knowledge.types.practice import Practice

URL = "https://pms.example.com/overturn"
BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)


class World:
    """A served home with one practice, and a receiver that answers as it is told."""

    def __init__(self, client: TestClient, now: list[datetime]) -> None:
        self.client, self.now = client, now
        self.office: Office = client.app.state.service.office  # type: ignore[attr-defined]
        self.status, self.got = 204, list[httpx.Request]()

    def happens(self, subject: str) -> None:
        with self.office.records.transaction() as tx:
            tx.feed.add("prc_1", "denial.waits", subject, "k", self.now[0])

    def bring(self) -> None:
        def receive(request: httpx.Request) -> httpx.Response:
            self.got.append(request)
            return httpx.Response(self.status)

        carrier = Carrier(5, resolve=lambda _h, _p: ["93.184.216.34"], transport=httpx.MockTransport(receive))
        Courier(self.office, carrier).run_once()

    def make(self) -> tuple[str, str]:
        shown = self.client.post("/webhooks", data={"url": URL, "kinds": "denial.waits, job.done"}).text
        secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)
        address = re.search(r"/webhooks/whk_[0-9a-z]+", shown)
        assert secret, shown
        assert address, shown
        return address[0], secret[0]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hooks") / "home"
    with Office.open(home, lambda: BEGIN) as office, office.records.transaction() as tx:
        tx.files.save_practice("prc_1", Practice.model_construct(name="Cedar"))
    return home


@pytest.fixture
def world(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(Courier, "start", lambda _self: None)  # the test says when it runs
    home, now = Path(shutil.copytree(empty, tmp_path / "home")), [BEGIN]
    app = create_app(Settings(home=home, api_key=KEY), lambda given: open_office(given.home, clock=lambda: now[0]))
    with TestClient(app, base_url="http://127.0.0.1:8710", headers={"X-API-Key": KEY}) as client:
        yield World(client, now)


def test_a_secret_is_shown_when_it_is_made_and_never_again_and_signs(world: World) -> None:
    address, secret = world.make()
    assert all("whsec_" not in world.client.get(page).text for page in ("/webhooks", address))
    world.happens("den_1")
    world.bring()
    (message,) = world.got
    expected = Verifier(secret).sign(message.headers["webhook-id"], world.now[0], message.content.decode())
    assert message.headers["webhook-signature"] == expected
    assert "delivered" in world.client.get("/webhooks").text


def test_a_new_secret_is_shown_once_and_both_sign_for_a_while(world: World) -> None:
    address, old = world.make()
    shown = world.client.post(f"{address}/secret").text
    assert "Until 2 May 2026 12:00 UTC" in shown
    assert old not in shown
    world.happens("den_1")
    world.bring()
    world.now[0] += timedelta(days=1, seconds=1)
    world.happens("den_2")
    world.bring()
    assert [len(one.headers["webhook-signature"].split()) for one in world.got] == [2, 1]


def test_failures_show_every_try_and_are_sent_again_when_asked(world: World) -> None:
    address, _ = world.make()
    world.happens("den_1")
    world.status = 410
    world.bring()
    shown = world.client.get(address).text
    assert "the receiver answered 410 (gone)" in shown
    assert "answered 410: wants no more" in shown
    assert "Send again" not in shown  # nothing goes to a webhook that is disabled
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen
    tag = seen[1].replace("&#34;", '"')
    assert "active" in world.client.post(f"{address}/state", data={"seen": tag, "state": "active"}).text
    assert world.client.post(f"{address}/state", data={"seen": tag, "state": "disabled"}).status_code == 412
    again = re.search(r'action="([^"]+/again)"', world.client.get(address).text)
    assert again
    world.client.post(again[1])
    world.status = 204
    world.bring()
    assert [one.headers["webhook-id"] for one in world.got] == [world.got[0].headers["webhook-id"]] * 2
    assert "2 tries: taken" in world.client.get(address).text
    # What a receiver missed it reads in the feed, by the id that the message had.
    feed = world.client.get("/v1/events").json()["items"]
    assert world.got[0].headers["webhook-id"] in [one["id"] for one in feed]


def test_what_cannot_be_is_said_on_the_page_and_taken_away_is_gone(world: World) -> None:
    refused = world.client.post("/webhooks", data={"url": "https://10.0.0.1/"})
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    odd = world.client.post("/webhooks", data={"url": URL, "kinds": "Everything!"})
    assert (odd.status_code, "denial.waits" in odd.text) == (422, True)
    address, _ = world.make()
    seen = re.search(r'name="seen" value="([^"]+)"', world.client.get(address).text)
    assert seen
    left = world.client.post(f"{address}/remove", data={"seen": seen[1].replace("&#34;", '"')})
    assert "No webhooks yet" in left.text
    assert world.client.get(address).status_code == 404
