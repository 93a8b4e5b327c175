"""Nothing of a patient is left behind: every byte on the disk, in the log and among temporary files is searched.

Part of the sample practice is worked with patients of random names, served, every page asked for, and what is approved
sent; a webhook is told of it, and the index of policy passages is asked about a patient.
"""

import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from api_served import CEDAR
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.app import create_app
from api.settings import Settings
from knowledge.folder import read_policy
from knowledge.payers import PayerDirectory
from knowledge.policies.index import open_index
from knowledge.policies.passages import cut_passages

KEY = "6f" * 31 + "01"
PORT = 20_000 + os.getpid() % 20_000
OVERTURN = str(Path(sys.executable).with_name("overturn"))
_SIZE = 9
REMITS = ("CHP_ERA_0403.txt", "SUMMIT_20260421.txt", "pcc0415.835", "rmms_835_20260417.edi")
"""Four payers' remits of thirteen: every kind of file and of letter is made from them, in half the time."""


def patients() -> dict[str, str]:
    """The names of every patient of the sample, each with a random one in its place."""
    chance = random.Random(os.urandom(8))
    names: set[str] = set()
    for chart in sorted((CEDAR / "charts").glob("*.json")):
        for entry in json.loads(chart.read_text())["entry"]:
            if entry["resource"]["resourceType"] == "Patient":
                for name in entry["resource"]["name"]:
                    names |= {name.get("family", ""), *name.get("given", ())}
    long = {name for name in names if len(name) > 2 and name.isalpha()}
    return {name: "Q" + "".join(chance.choices("bcdfghjkvwxz", k=_SIZE)) for name in sorted(long)}


def members(folder: Path) -> set[str]:
    """The member ids of the sample's coverage."""
    found = re.findall(r"^[^,]+,([A-Z0-9]{7,}),", "\n".join(p.read_text() for p in folder.glob("coverage/*.csv")), re.M)
    return set(found)


def renamed(folder: Path, names: dict[str, str]) -> None:
    pattern = re.compile(rf"(?<![A-Za-z])({'|'.join(names)})(?![a-z])", re.IGNORECASE)
    by_folded = {name.casefold(): new for name, new in names.items()}

    def other(match: re.Match[str]) -> str:
        new = by_folded[match[0].casefold()]
        return new.upper() if match[0].isupper() else new

    for path in [path for path in folder.rglob("*") if path.is_file()]:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if path.suffix == ".json":
            text = json.dumps(_in_json(json.loads(text), pattern, other), ensure_ascii=False)
        path.write_bytes(pattern.sub(other, text).encode("utf-8", "surrogateescape"))


def _in_json(value: object, pattern: re.Pattern[str], other: object) -> object:
    if isinstance(value, dict):
        found = {key: _in_json(item, pattern, other) for key, item in value.items()}
        if str(found.get("contentType", "")).startswith("text/") and "data" in found:
            text = base64.b64decode(str(found["data"])).decode()
            found["data"] = base64.b64encode(pattern.sub(other, text).encode()).decode()  # type: ignore[call-overload]
        return found
    return [_in_json(item, pattern, other) for item in value] if isinstance(value, list) else value


def forms_of(word: str) -> Iterator[bytes]:
    """A word in every form it could be left in."""
    for written in {word, word.upper(), word.lower()}:
        plain = written.encode()
        yield plain
        yield written.encode("utf-16-le")
        yield written.encode("utf-16-be")
        yield plain.hex().encode()
        yield "".join(f"\\u{ord(mark):04x}" for mark in written).encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)
            yield coded[(0, 2, 3)[shift] : -4]


def found_in(places: list[Path], words: set[str]) -> list[str]:
    wanted = re.compile(b"|".join(re.escape(form) for word in sorted(words) for form in sorted(set(forms_of(word)))))
    hits = []
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            hits += [f"name of {path}"] if wanted.search(str(path).encode()) else []
            if path.is_file() and (hit := wanted.search(path.read_bytes())):
                hits.append(f"{path}: {hit[0]!r} at {hit.start()}")
    return hits


@contextmanager
def receiver(kept: Path) -> Iterator[str]:
    """A webhook's other end, which keeps each request whole, and its address."""

    class Keeping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            (kept / self.headers["webhook-id"]).write_bytes(f"{self.path}\n{self.headers}".encode() + body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Keeping) as server:
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        running.join()


@pytest.mark.enable_socket
def test_nothing_of_a_patient_is_left_behind(tmp_path: Path) -> None:
    names = patients()
    folder = Path(shutil.copytree(CEDAR, tmp_path / "in" / "folder"))
    for remit in (folder / "remits").iterdir():
        if remit.name not in REMITS:
            remit.unlink()
    renamed(folder, names)
    words = set(names.values()) | members(folder)
    home, temp, log, told = (tmp_path / name for name in ("home", "temp", "log", "told"))
    drop = tmp_path / "in" / "drop"
    for made in (temp, log, told, drop):
        made.mkdir()
    environment = {
        **os.environ,
        "OVERTURN_KEY": KEY,
        "OVERTURN_WEBHOOKS_LOOPBACK": "1",
        "TMPDIR": str(temp),
        "HOME": str(tmp_path / "user"),
    }

    def begun(*command: str) -> subprocess.Popen[bytes]:
        with (log / f"{command[0]}.err").open("ab") as errors:
            return subprocess.Popen(
                [OVERTURN, *command, "--home", str(home)], env=environment, stdout=subprocess.DEVNULL, stderr=errors
            )

    assert begun("work", str(folder), "--rows", "0").wait(1200) == 0
    checked = begun("check", str(folder / "claims" / "casc1_20260319.837"))
    with receiver(told) as address:
        server = begun("serve", "--demo", "--port", str(PORT))
        try:
            asked = _click_through(words, address)
            _wait_for(lambda: any(told.iterdir()))
        finally:
            server.terminate()
            server.wait(30)
            ended = checked.wait(1200)
    assert asked > 30
    assert ended in (0, 1)
    last = [begun("send", "--channel", "folder", "--to", str(drop)), begun("findings")]
    assert [one.wait(1200) for one in last] == [0, 0]
    assert any(drop.iterdir())
    _ask_index(folder, home / "passages", temp, sorted(words)[0])
    assert found_in([folder], words), "the search itself must find them where they are"
    assert (home / "products").is_dir()
    assert (home / "sent").is_dir()
    assert found_in([home, temp, log, told], words) == []


def _ask_index(folder: Path, place: Path, temp: Path, word: str) -> None:
    """Make an index of the practice's policies, and ask it about a patient by name."""
    policy, _ = read_policy((folder / "policies" / "chp-onc-014.md").read_text(), "p", PayerDirectory(()))
    assert policy is not None
    before, tempfile.tempdir = tempfile.tempdir, str(temp)
    try:
        with open_index(place, [policy]) as index:
            assert index.similarities(f"May {word} have the drug again?", cut_passages(policy))
    finally:
        tempfile.tempdir = before
    assert any(place.iterdir())


def _wait_for(seen: Callable[[], bool]) -> None:
    for _ in range(120):
        if seen():
            return
        time.sleep(0.25)
    raise AssertionError("it has not come in 30 seconds")


def _click_through(words: set[str], hook: str) -> int:
    def keyed(request: httpx.Request) -> None:
        request.headers["idempotency-key"] = uuid4().hex

    address = f"http://127.0.0.1:{PORT}"
    with httpx.Client(base_url=address, timeout=1200, trust_env=False, event_hooks={"request": [keyed]}) as client:
        for _ in range(240):
            try:
                if client.get("/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.5)
        made = client.post("/v1/webhooks", json={"url": hook})
        assert made.status_code == 201, made.text
        denials = client.get("/v1/denials").json()["items"]
        asked = 0
        app = create_app(Settings(home=Path(), api_key=None, demo=True))
        paths = {route.path for route in _routes(app.routes) if "GET" in (route.methods or ())}
        for one in denials[:2]:
            for path in sorted(paths if one is denials[0] else (each for each in paths if "{denial_id}" in each)):
                address = re.sub(r"\{[^}]+\}", "x", path.replace("{denial_id}", one["denial_id"]))
                for accept in ("text/html", "application/json") if one is denials[0] else ("text/html",):
                    answer = client.get(address, headers={"accept": accept})
                    assert answer.status_code != 500, address
                    asked += 1
        _decide(client, sorted(words)[0])
        for word in sorted(words)[:5]:
            client.post("/queue/find", data={"words": word, "q": word, "text": word})
            client.post(f"/v1/denials/den_none/{'review'}", json={"decision": "approve", "reason": word, "by": word})
            client.post("/v1/charts", content=f'{{"resourceType": "Bundle", "name": "{word}"'.encode())
            client.post("/v1/remits", files={"file": (f"{word}.835", b"ISA*" + word.encode() * 400_000)})
    return asked


def _decide(client: httpx.Client, word: str) -> None:
    """Decide on a denial for a reason that names a patient: the feed and the webhook tell of the decision."""
    waiting = client.get("/v1/denials", params={"status": "in_review"}).json()["items"][0]["denial_id"]
    etag = client.get(f"/v1/denials/{waiting}").headers["etag"]
    decided = client.post(
        f"/v1/denials/{waiting}/review",
        json={"decision": "reject", "reason": f"{word} paid herself", "by": word},
        headers={"if-match": etag},
    )
    assert decided.status_code == 200, decided.text


def _routes(found: list[BaseRoute]) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _routes(router.routes)
