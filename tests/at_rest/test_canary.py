"""Nothing of a patient is left behind: every byte on the disk, in the log and among temporary files is searched.

The sample practice is worked with patients of random names, served, every page asked for, and what is approved sent.
"""

import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_served import CEDAR
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.app import create_app
from api.settings import Settings

KEY = "6f" * 31 + "01"
PORT = 8767
OVERTURN = str(Path(sys.executable).with_name("overturn"))
_SIZE = 9


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


@pytest.mark.enable_socket
def test_nothing_of_a_patient_is_left_behind(tmp_path: Path) -> None:
    names = patients()
    folder = Path(shutil.copytree(CEDAR, tmp_path / "in" / "folder"))
    renamed(folder, names)
    words = set(names.values()) | members(folder)
    home, temp, log = tmp_path / "home", tmp_path / "temp", tmp_path / "log"
    temp.mkdir()
    log.mkdir()
    drop = tmp_path / "in" / "drop"
    drop.mkdir()
    environment = {**os.environ, "OVERTURN_KEY": KEY, "TMPDIR": str(temp), "HOME": str(tmp_path / "user")}

    def run(*command: str) -> None:
        with (log / f"{command[0]}.err").open("ab") as errors:
            done = subprocess.run(
                [OVERTURN, *command, "--home", str(home)],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                timeout=240,
                check=False,
            )
        assert done.returncode in ((0, 1) if command[0] == "check" else (0,)), command

    run("work", str(folder), "--rows", "0")
    run("check", str(folder / "claims" / "casc1_20260319.837"))
    with (log / "serve.log").open("ab") as told:
        server = subprocess.Popen(
            [OVERTURN, "serve", "--demo", "--port", str(PORT), "--home", str(home)],
            env=environment,
            stdout=told,
            stderr=told,
        )
        try:
            asked = _click_through(words)
        finally:
            server.terminate()
            server.wait(30)
    assert asked > 30
    run("send", "--channel", "folder", "--to", str(drop))
    run("findings")
    assert any(drop.iterdir())
    assert found_in([folder], words), "the search itself must find them where they are"
    assert (home / "products").is_dir()
    assert (home / "sent").is_dir()
    assert found_in([home, temp, log], words) == []


def _click_through(words: set[str]) -> int:
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60, trust_env=False) as client:
        for _ in range(240):
            try:
                if client.get("/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.5)
        denials = client.get("/v1/denials").json()["items"]
        asked = 0
        app = create_app(Settings(home=Path(), api_key=None, demo=True))
        paths = {route.path for route in _routes(app.routes) if "GET" in (route.methods or ())}
        for one in denials[:2]:
            for path in sorted(paths):
                address = re.sub(r"\{[^}]+\}", "x", path.replace("{denial_id}", one["denial_id"]))
                for accept in ("text/html", "application/json"):
                    answer = client.get(address, headers={"accept": accept})
                    assert answer.status_code != 500, address
                    asked += 1
        for word in sorted(words)[:5]:
            client.post("/queue/find", data={"words": word, "q": word, "text": word})
            client.post(f"/v1/denials/den_none/{'review'}", json={"decision": "approve", "reason": word, "by": word})
            client.post("/v1/charts", content=f'{{"resourceType": "Bundle", "name": "{word}"'.encode())
            client.post("/v1/remits", files={"file": (f"{word}.835", b"ISA*" + word.encode() * 400_000)})
    return asked


def _routes(found: list[BaseRoute]) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _routes(router.routes)
