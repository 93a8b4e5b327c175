"""The courier against a receiver that does as it is told, with a clock that is moved by hand."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from agent.office import Office
from api.webhooks.carrier import Carrier
from api.webhooks.courier import Courier
from api.webhooks.messages import new_secret
from api.webhooks.schedule import schedule
from knowledge.records import Webhook, WebhookSecret
from knowledge.types.practice import Practice

URL = "https://pms.example.com/overturn"
ID = "whk_1"


@dataclass
class World:
    office: Office
    now: list[datetime]
    got: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(204)
    secret: str = field(default_factory=new_secret)

    def courier(self, resolve: Callable[[str, int], list[str]] = lambda _h, _p: ["93.184.216.34"]) -> Courier:
        def receive(request: httpx.Request) -> httpx.Response:
            self.got.append(request)
            return self.answer(request)

        return Courier(self.office, Carrier(5, resolve=resolve, transport=httpx.MockTransport(receive)))

    def happens(self, kind: str, subject: str) -> None:
        with self.office.records.transaction() as tx:
            tx.feed.add("prc_1", kind, subject, "k", self.now[0])

    def later(self, **time: float) -> None:
        self.now[0] += timedelta(**time)

    def webhook(self) -> Webhook:
        with self.office.records.reading() as tx:
            found = tx.webhooks.find(ID)
        assert found is not None
        return found

    def deliveries(self) -> list[tuple[str, str, int]]:
        with self.office.records.reading() as tx:
            return [(one.event_id, one.state, one.attempts) for one in tx.webhooks.deliveries(ID, None, 100)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    now = [datetime(2026, 5, 1, 12, tzinfo=UTC)]
    with Office.open(tmp_path / "home", lambda: now[0]) as office:
        made = World(office, now)
        with office.records.transaction() as tx:
            practice = Practice.model_construct(name="Cedar")
            tx.files.save_practice("prc_1", practice)
            values = {"webhook_id": ID, "practice_id": "prc_1", "url": URL, "kinds": (), "state": "active"}
            tx.webhooks.add(Webhook(**values, position=0, made_by="t", made_at=now[0]))
            tx.webhooks.add_secret(ID, WebhookSecret(secret_id="s1", secret=made.secret, made_at=now[0]))
        yield made


def test_an_event_is_brought_once_signed_and_holds_ids_only(world: World) -> None:
    world.happens("denial.waits", "den_1")
    courier = world.courier()
    assert (courier.run_once(), courier.run_once()) == (1, 0)
    (request,) = world.got
    body = json.loads(request.content)
    assert body == {
        "type": "denial.waits",
        "timestamp": "2026-05-01T12:00:00Z",
        "data": {"practice_id": "prc_1", "denial_id": "den_1"},
    }
    assert str(request.url) == "https://93.184.216.34/overturn"
    assert request.headers["host"] == "pms.example.com"
    assert request.extensions["sni_hostname"] == "pms.example.com"
    message = Verifier(world.secret)
    world_now = request.headers["webhook-timestamp"]
    assert world_now == str(int(world.now[0].timestamp()))
    signature = message.sign(request.headers["webhook-id"], world.now[0], request.content.decode())
    assert request.headers["webhook-signature"] == signature
    assert [state for _, state, _ in world.deliveries()] == ["delivered"]


def test_what_is_not_taken_is_tried_over_days_with_the_same_id_then_given_up(world: World) -> None:
    world.answer = lambda _: httpx.Response(500)
    world.happens("denial.waits", "den_1")
    courier = world.courier()
    begun = world.now[0]
    while courier.run_once() or world.webhook().state == "active":
        world.later(hours=1)
    tries = len(schedule().waits) + 1
    assert len({one.headers["webhook-id"] for one in world.got}) == 1
    assert len(world.got) == tries
    assert world.now[0] - begun > timedelta(days=3)
    assert [(state, attempts) for _, state, attempts in world.deliveries()] == [("failed", tries)]
    assert world.webhook().why == "nothing was taken in days of trying"


def test_a_retry_comes_no_sooner_than_its_wait(world: World) -> None:
    world.answer = lambda _: httpx.Response(503, headers={"retry-after": "120"})
    world.happens("denial.waits", "den_1")
    courier = world.courier()
    courier.run_once()
    world.later(seconds=119)
    assert courier.run_once() == 0
    world.later(seconds=1)
    assert courier.run_once() == 1


def test_410_disables_and_ends_what_is_on_its_way(world: World) -> None:
    world.answer = lambda _: httpx.Response(410)
    world.happens("denial.waits", "den_1")
    world.happens("denial.waits", "den_2")
    world.courier().run_once()
    assert (world.webhook().state, len(world.got)) == ("disabled", 1)
    assert {state for _, state, _ in world.deliveries()} == {"ended"}
    world.later(days=1)
    world.happens("denial.waits", "den_3")
    assert world.courier().run_once() == 0


def test_a_redirect_is_not_followed_and_counts_as_not_taken(world: World) -> None:
    world.answer = lambda _: httpx.Response(302, headers={"location": "https://169.254.169.254/"})
    world.happens("denial.waits", "den_1")
    world.courier().run_once()
    assert len(world.got) == 1
    assert [state for _, state, _ in world.deliveries()] == ["waiting"]


def test_a_name_that_has_come_to_mean_this_network_is_not_sent_to(world: World) -> None:
    world.happens("denial.waits", "den_1")
    courier = world.courier(resolve=lambda _h, _p: ["10.0.0.5"])
    assert courier.run_once() == 1
    assert world.got == []
    with world.office.records.reading() as tx:
        ((attempt,),) = tx.webhooks.attempts([tx.webhooks.deliveries(ID, None, 1)[0].delivery_id]).values()
    assert (attempt.status, attempt.says[:9]) == (None, "not sent:")


def test_killed_after_sending_it_is_sent_again_under_the_same_id_when_the_lease_ends(world: World) -> None:
    world.happens("denial.waits", "den_1")

    def dies(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    world.answer = dies
    with pytest.raises(KeyboardInterrupt):
        world.courier().run_once()
    world.answer = lambda _: httpx.Response(200)
    assert world.courier().run_once() == 0  # somebody might be trying it
    world.later(seconds=schedule().lease_seconds)
    assert world.courier().run_once() == 1
    assert len({one.headers["webhook-id"] for one in world.got}) == 1
    assert [state for _, state, _ in world.deliveries()] == ["delivered"]


def test_both_secrets_sign_while_one_takes_the_others_place(world: World) -> None:
    new = new_secret()
    with world.office.records.transaction() as tx:
        secret = WebhookSecret(secret_id="s2", secret=new, made_at=world.now[0] + timedelta(seconds=1))
        tx.webhooks.add_secret(ID, secret, others_end=world.now[0] + timedelta(days=1))
    world.happens("denial.waits", "den_1")
    world.courier().run_once()
    world.later(days=1, seconds=1)
    world.happens("denial.waits", "den_2")
    world.courier().run_once()
    first, second = (one.headers["webhook-signature"].split() for one in world.got)
    assert (len(first), len(second)) == (2, 1)
    message = Verifier(new).sign(world.got[1].headers["webhook-id"], world.now[0], world.got[1].content.decode())
    assert second == [message]


def test_a_receiver_that_checks_the_signature_refuses_another_body() -> None:
    now = datetime.now(UTC)
    secret = new_secret()
    signature = Verifier(secret).sign("evt_1", now, "{}")
    headers = {"webhook-id": "evt_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    Verifier(secret).verify("{}", headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify('{"a":1}', headers)


def test_only_the_kinds_asked_for_are_brought_and_a_dead_receiver_holds_no_other_up(world: World) -> None:
    with world.office.records.transaction() as tx:
        held = world.webhook()
        tx.webhooks.change(held.model_copy(update={"kinds": ("denial.sent",), "revision": held.revision + 1}))
        values = {"webhook_id": "whk_2", "practice_id": "prc_1", "url": "https://other.example.com/", "kinds": ()}
        tx.webhooks.add(Webhook(**values, state="active", position=0, made_by="t", made_at=world.now[0]))
    world.answer = lambda request: httpx.Response(204 if "other" in request.headers["host"] else 500)
    for number in range(3):
        world.happens("denial.sent", f"den_{number}")
    world.happens("denial.waits", "den_9")
    world.courier().run_once()
    by = [one.headers["host"] for one in world.got]
    assert (by.count("pms.example.com"), by.count("other.example.com")) == (1, 4)
