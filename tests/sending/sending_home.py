"""A home with one packet ready to go, a watcher of the drop folder, and lives that end at any boundary."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from agent.office import Office
from agent.sending.channels.driver import Driver
from agent.sending.channels.folder import Folder
from agent.sending.channels.print_queue import PrintQueue
from agent.sending.channels.webhook import Webhook
from agent.sending.outbox import send
from knowledge.records import Outgoing

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
READY = "den_9521f2aa9451e870bc0e"
"""The denial whose packet is ready to go."""
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQ="


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Receiver:
    """The other end of a webhook: answers as told, and writes down what it got, one request a line."""

    def __init__(self, log: Path, *answers: int) -> None:
        self.log, self._answers = log, list(answers)
        log.touch()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.content.decode()
        with self.log.open("a") as file:
            file.write(f"{request.headers['webhook-id']}\t{request.headers['webhook-signature']}\t{body}\n")
        status = self._answers.pop(0) if self._answers else 202
        return httpx.Response(status, json={"taken": request.headers["webhook-id"]})

    def got(self) -> list[list[str]]:
        return [line.split("\t") for line in self.log.read_text().splitlines()]

    def webhook(self, clock: Callable[[], datetime]) -> Webhook:
        return Webhook("https://clearing.example/hook", SECRET, clock, httpx.MockTransport(self))


class Watcher:
    """Takes every finished file out of a folder, as an SFTP client would, and remembers it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[tuple[str, str]] = []
        folder.mkdir(exist_ok=True)

    def look(self) -> None:
        for path in sorted(self.folder.iterdir()):
            if not path.name.startswith("."):
                self.taken.append((path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
                path.unlink()


class Practice:
    """An office of one practice, and what it has sent."""

    def __init__(self, office: Office) -> None:
        self.office = office
        ((self.practice_id, _),) = office.practices()

    def send(self, driver: Driver, *only: str) -> Any:
        return send(self.office, self.practice_id, driver, frozenset(only))

    def answer(self, decision: Any, key: str, **more: Any) -> None:
        given = {"reason": "as charted", "by": "Maria Lopez", **more}
        self.office.review(self.practice_id, READY, key=key, decision=decision, **given)

    def ledger(self) -> tuple[Outgoing, ...]:
        with self.office.records.reading() as repository:
            return repository.outbox.all(self.practice_id)

    def status(self) -> str:
        record = self.office.record(self.practice_id, READY)
        assert record is not None
        return record.status

    def final(self) -> Path:
        with self.office.records.reading() as repository:
            approval = repository.approvals.live(self.practice_id, READY)
        assert approval is not None
        return self.office.home / next(file.path for file in approval.files if file.kind == "packet")


def driver_of(channel: str, to: Path, clock: Callable[[], datetime]) -> Driver:
    if channel == "webhook":
        return Receiver(to / "requests.log").webhook(clock)
    return (PrintQueue if channel == "print" else Folder)(to, clock)
