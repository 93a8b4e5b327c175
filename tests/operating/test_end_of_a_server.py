"""A server that is told to end answers what it has begun, and ends well; a home has one server at a time."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

KEY = "a-key-that-is-long-enough"
OVERTURN = str(Path(sys.executable).with_name("overturn"))
pytestmark = pytest.mark.enable_socket


def a_free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def served_home(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A real server on a home, once it answers."""
    port = a_free_port()
    environment = {"PATH": os.environ["PATH"], "OVERTURN_API_KEY": KEY, "OVERTURN_LOG": "json"}
    with (home.parent / "log").open("wb") as log:
        command = [OVERTURN, "serve", "--home", str(home), "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
    try:
        until = time.monotonic() + 600
        while not answers(port):
            assert process.poll() is None, (home.parent / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield process, port, home
    finally:
        process.kill()
        process.wait(10)


def answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/ready")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def begin_upload(port: int) -> tuple[http.client.HTTPConnection, bytes]:
    """Send the head of a request and half of its body; give the other half."""
    body = json.dumps({"name": "Okafor", "filter": {}}).encode().ljust(2000)
    upload = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    upload.putrequest("POST", "/v1/remits?name=half.835")
    for name, value in (("x-api-key", KEY), ("content-type", "application/edi-x12"), ("content-length", len(body))):
        upload.putheader(name, str(value))
    upload.endheaders(body[:1000])
    return upload, body[1000:]


def test_told_to_end_it_answers_what_was_begun_and_a_second_server_is_refused(
    served_home: tuple[subprocess.Popen[bytes], int, Path],
) -> None:
    process, port, home = served_home
    environment = {"PATH": os.environ["PATH"], "OVERTURN_API_KEY": KEY}
    command = [OVERTURN, "serve", "--home", str(home), "--port", str(a_free_port())]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1200)
    assert second.returncode == 2
    assert f"served already, by process {process.pid}" in " ".join(second.stderr.split())

    upload, rest = begin_upload(port)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    upload.send(rest)
    answer = upload.getresponse()
    assert answer.status in (200, 202, 400, 415, 422), answer.read()
    answer.read()
    upload.close()
    assert process.wait(600) == 0
    log = (home.parent / "log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert "Application shutdown complete." in [line["message"] for line in lines]
    assert not [line for line in lines if line["level"] == "error"]
    assert "Okafor" not in log
