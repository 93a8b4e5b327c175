"""The courier as it really runs: killed in the middle, and two of them on one home."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import pytest_socket

from agent.office import Office
from api.webhooks.carrier import Carrier
from api.webhooks.courier import Courier
from api.webhooks.messages import new_secret
from api.webhooks.schedule import schedule
from knowledge.records import Webhook, WebhookSecret
from knowledge.types.practice import Practice

ID = "whk_1"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PROGRAM = Path(__file__).with_name("courier_process.py")


@dataclass
class Receiver:
    """Somebody's program that takes messages; it can kill who sends before it answers."""

    got: list[str] = field(default_factory=list)
    kills: int | None = None
    slow: float = 0.0

    def take(self, webhook_id: str) -> None:
        self.got.append(webhook_id)
        if self.kills is not None:
            os.kill(self.kills, signal.SIGKILL)
        time.sleep(self.slow)


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    pytest_socket.enable_socket()
    made = Receiver()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            made.take(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):  # who sent it was killed
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}/in"
    server.shutdown()
    thread.join()
    server.server_close()
    pytest_socket.disable_socket(allow_unix_socket=True)


def _home(folder: Path, url: str, events: int) -> Path:
    with Office.open(folder / "home", lambda: NOON) as office, office.records.transaction() as tx:
        tx.files.save_practice("prc_1", Practice.model_construct(name="Cedar"))
        values = {"webhook_id": ID, "practice_id": "prc_1", "url": url, "kinds": (), "state": "active"}
        tx.webhooks.add(Webhook(**values, position=0, made_by="t", made_at=NOON))
        tx.webhooks.add_secret(ID, WebhookSecret(secret_id="s1", secret=new_secret(), made_at=NOON))
        for number in range(events):
            tx.feed.add("prc_1", "denial.waits", f"den_{number}", "k", NOON)
    return folder / "home"


def _process(home: Path) -> subprocess.Popen[str]:
    made = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(home), NOON.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _run(home: Path, now: datetime) -> tuple[int, list[tuple[str, str]]]:
    with Office.open(home, lambda: now) as office:
        courier = Courier(office, Carrier(10, loopback=True))
        tried = courier.run_once()
        courier.stop()
        with office.records.reading() as tx:
            return tried, [(one.event_id, one.state) for one in tx.webhooks.deliveries(ID, None, 100)]


def test_a_process_killed_between_sending_and_noting_loses_nothing_and_repeats_the_id(
    receiver: tuple[Receiver, str], tmp_path: Path
) -> None:
    taking, url = receiver
    home = _home(tmp_path, url, events=2)
    process = _process(home)
    taking.kills = process.pid
    _go(process)
    assert process.wait(1200) == -signal.SIGKILL
    process.communicate()
    taking.kills = None
    (first,) = taking.got
    assert _run(home, NOON)[0] == 1  # the other event; the one that was cut off might still be under way
    assert first not in taking.got[1:]
    later = NOON + timedelta(seconds=schedule().lease_seconds)
    tried, deliveries = _run(home, later)
    assert (tried, taking.got.count(first), len(set(taking.got))) == (1, 2, 2)
    assert {state for _, state in deliveries} == {"delivered"}
    assert {event for event, _ in deliveries} == set(taking.got)


def test_two_processes_on_one_home_bring_each_event_once_between_them(
    receiver: tuple[Receiver, str], tmp_path: Path
) -> None:
    taking, url = receiver
    taking.slow = 0.05
    home = _home(tmp_path, url, events=8)
    process = _process(home)
    _go(process)
    mine, deliveries = _run(home, NOON)
    told, _ = process.communicate(timeout=1200)
    assert mine + int(told) == 8
    assert (len(taking.got), len(set(taking.got))) == (8, 8)
    with Office.open(home, lambda: NOON) as office, office.records.reading() as tx:
        assert {one.state for one in tx.webhooks.deliveries(ID, None, 100)} == {"delivered"}
    assert len(deliveries) == 8
