"""A home served by a process of its own, with a clock that stands at the sample practice's day and runs on.

As a program: `serving.py HOME WHERE [--demo]` serves until its input ends, and says its address when the cases stand
still. Tests may open no socket; a browser and a server must.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

AHEAD = datetime(2026, 5, 1, 12, tzinfo=UTC) - datetime.now(UTC)
"""From this machine's clock to the server's; handed to the server, so that both agree."""

_START = 300.0


def now(ahead: timedelta = AHEAD) -> datetime:
    """The server's clock."""
    return datetime.now(UTC) + ahead


@dataclass(frozen=True)
class Site:
    """A served home."""

    address: str
    home: Path

    def at(self, path: str) -> str:
        return self.address + path

    def now(self) -> datetime:
        return now()


@contextmanager
def served(home: Path, log: Path, *, demo: bool = True) -> Iterator[Site]:
    """Serve `home` until the block ends: to anybody (`demo`), or to who signs in."""
    command = [sys.executable, __file__, str(home), str(AHEAD.total_seconds()), *(["--demo"] if demo else [])]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("OVERTURN_", "OPENAI_"))}
    with log.open("wb") as told:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, env=ours, text=True
        )
    try:
        assert process.stdout is not None
        # The server ends with its input; if it hangs before it says where it is, it is ended here.
        watchdog = threading.Timer(_START, process.kill)
        watchdog.start()
        address = process.stdout.readline().strip()
        watchdog.cancel()
        assert address, f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}"
        yield Site(address, home)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def serve(home: Path, ahead: timedelta, demo: bool) -> None:
    """Serve; return when the input ends."""
    import uvicorn

    from api.access.settings import AccessSettings
    from api.app import create_app
    from api.offices import open_office
    from api.server import listen
    from api.settings import Settings

    settings = Settings(
        home=home, api_key=None, demo=demo, signs_in=not demo, access=AccessSettings.read({}, home), patience=60.0
    )
    app = create_app(settings, lambda given: open_office(given.home, clock=lambda: now(ahead), environment={}))
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="info", server_header=False, timeout_graceful_shutdown=3))

    def tell() -> None:
        while not server.started or app.state.service.worker.progress().state != "idle":
            time.sleep(0.05)
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=tell, daemon=True).start()
    server.run(sockets=[listening])


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("home", type=Path)
    given.add_argument("ahead", type=float, help="seconds from the machine's clock to the server's")
    given.add_argument("--demo", action="store_true")
    chosen = given.parse_args()
    serve(chosen.home, timedelta(seconds=chosen.ahead), chosen.demo)
