"""What payers, charts, file names and people write is text on every page and in every file: nothing of it runs."""

import base64
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hostile_folder import BREAK, IMAGE, MARK, SCRIPT, hostile_folder

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_served import noon, served

from api.offices import open_office

SITE = {"accept": "text/html", "origin": "http://127.0.0.1:8710"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("words")
    folder = hostile_folder(root / "folder")
    with open_office(root / "home", make=True, clock=noon, environment={}) as office:
        report = office.take_folder(folder)
        assert report.practice_id is not None
        office.work(report.practice_id)
    with served(root / "home") as made:
        yield made


class Page(HTMLParser):
    """Finds in a page what could run."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.links: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        held = {name: value or "" for name, value in attrs}
        self.links += [held[name] for name in ("href", "hx-get") if name in held]
        self.wrong += [f"<{tag} {name}>" for name in held if name.startswith("on") or name == "autofocus onfocus"]
        self.wrong += [f"<{tag} {name}={value}>" for name, value in held.items() if "javascript:" in value.lower()]
        if tag in ("script", "img", "link", "iframe", "object", "embed") and tag != "iframe":
            source = held.get("src") or held.get("href") or held.get("data") or ""
            if not source.startswith(("/", "data:image/")) or source.startswith("//"):
                self.wrong.append(f"<{tag}> of {source!r}")
        if tag in ("style", "base", "form") and held.get("action", "/").startswith(("//", "http")):
            self.wrong.append(f"<{tag}> {held}")

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style") and data.strip():
            self.wrong.append(f"<{self._inside}> says {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _pages(client: TestClient) -> list[str]:
    items = client.get("/v1/denials").json()["items"]
    found = [
        "/queue",
        "/queue?status=any",
        "/dashboard",
        "/dashboard/denials",
        "/series",
        "/rules",
        "/outbox",
        "/account",
    ]
    found += ["/users", "/clients"]
    for one in items:
        found.append(f"/case/{one['denial_id']}")
        found += [f"/case/{one['denial_id']}/source/{held['id']}" for held in one["evidence"]]
        found += [f"/case/{one['denial_id']}/source/deadline-{at}" for at in range(len(one["deadlines"]))]
        found.append(f"/case/{one['denial_id']}/letter/edit")
    found += sorted({link for link in Page(client.get("/series", headers=SITE).text).links if "/series/" in link})
    return found


def test_nothing_that_was_written_elsewhere_runs_on_any_page(client: TestClient) -> None:
    shown = ""
    for path in _pages(client):
        answered = client.get(path, headers=SITE)
        assert answered.status_code in (200, 404), (path, answered.status_code)
        assert Page(answered.text).wrong == [], path
        assert "script-src 'self'" in answered.headers["content-security-policy"], path
        shown += answered.text
    for written in (MARK, "&lt;img src=x", "onfocus=&#34;"):
        assert written in shown  # what is looked for was there to be found


def test_what_is_searched_for_comes_back_as_text(client: TestClient) -> None:
    for words in (
        IMAGE,
        SCRIPT,
        BREAK,
        "{{7*7}}",
        "' OR 1=1 --",
        "%",
        "_",
        "\\",
        "*" * 200,
        "(a+)+$" * 30,
        "\0",
        "NEAR(",
    ):
        rows = client.post("/queue/rows", data={"words": words[:200]}, headers={**SITE, "hx-request": "true"})
        assert rows.status_code == 200, words
        assert Page(rows.text).wrong == [], words
        assert client.post("/queue/find", json={"words": words[:200]}).status_code == 200


def test_filters_and_paths_come_back_as_text(client: TestClient) -> None:
    for path in (
        "/queue?payer_id=",
        "/dashboard?payer_id=",
        "/sign-in?next=/",
        "/case/",
        "/series/",
        "/nowhere/",
        "/v1/",
    ):
        answered = client.get(path + "%22%3E%3Cscript%3Epwned()%3C/script%3E", headers=SITE)
        assert answered.status_code < 500
        if answered.headers["content-type"].startswith("text/html"):
            assert Page(answered.text).wrong == [], path
        else:
            assert answered.headers["content-type"].startswith("application/")
            assert answered.headers["x-content-type-options"] == "nosniff"


def test_names_of_users_clients_and_views_are_text(client: TestClient) -> None:
    client.post("/users", data={"login": "x@y.z", "name": IMAGE, "role": "biller", "every": "true"}, headers=SITE)
    client.post("/clients", data={"name": SCRIPT, "scopes": "denials.read", "every": "true"}, headers=SITE)
    client.post("/queue/views", data={"name": BREAK, "query": "status=any", "shared": "true"}, headers=SITE)
    for path in ("/users", "/clients", "/queue"):
        text = client.get(path, headers=SITE).text
        assert MARK in text
        assert Page(text).wrong == [], path


def test_a_word_file_of_the_letter_holds_them_as_text(client: TestClient) -> None:
    taken = 0
    for one in client.get("/v1/denials").json()["items"]:
        answered = client.get(f"/v1/denials/{one['denial_id']}/letter.docx")
        if answered.status_code != 200:
            continue
        taken += 1
        with zipfile.ZipFile(io.BytesIO(answered.content)) as archive:
            text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        assert "<img" not in text
        assert "<!ENTITY" not in text
        assert not re.search(r'TargetMode="External"', text)
    assert taken


def test_files_made_are_given_as_what_they_are_and_run_nothing(client: TestClient) -> None:
    kinds = ("packet", "letter", "corrected-claim", "authorization-request", "records-metadata", "authorization-bundle")
    given = 0
    for one in client.get("/v1/denials").json()["items"]:
        for path in (f"/v1/denials/{one['denial_id']}/{kind}" for kind in kinds):
            answered = client.get(path)
            if answered.status_code != 200:
                continue
            given += 1
            assert not answered.headers["content-type"].startswith(("text/html", "image/svg", "application/xhtml"))
            assert "default-src 'none'" in answered.headers["content-security-policy"]
            assert answered.headers["x-content-type-options"] == "nosniff"
            name = re.fullmatch(r'inline; filename="([A-Za-z0-9_.-]+)"', answered.headers["content-disposition"])
            assert name, answered.headers["content-disposition"]
    assert given


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../../../etc/cron.d/x",
            "..\\..\\x",
            "/etc/passwd",
            "C:\\x.csv",
            "a\r\nset-cookie: b=c.csv",
            "..",
            ".",
            "\0.csv",
        ),
        *("\u202egnp.csv", "x" * 5000 + ".csv", "con.csv", '"; filename="y.csv', "%2e%2e%2f%2e%2e%2fx.csv", "~", "-rf"),
    ],
)
def test_a_file_name_leads_nowhere(client: TestClient, tmp_path: Path, name: str) -> None:
    home = client.app.state.service.office.home  # type: ignore[attr-defined]
    before = {file for file in home.parent.rglob("*")}
    content = b"payer_id,member_id\nCASC1,M-" + str(abs(hash(name)) % 10**9).encode() + b"\n"
    asked = {"files": [{"kind": "coverage", "name": name, "data": base64.b64encode(content).decode()}]}
    for answered in (
        client.post("/v1/coverage", files={"file": (name, content, "text/csv")}),
        client.post("/v1/jobs", json=asked, headers={"idempotency-key": f"k{abs(hash(name))}"}),
    ):
        assert answered.status_code < 500, answered.text[:300]
        assert "\n" not in str(answered.headers)
    made = {file for file in home.parent.rglob("*")} - before
    assert all(home in file.parents for file in made), made
    listed = client.get("/v1/findings").text
    assert "/etc/" not in listed.replace("%2f", "/") or name.startswith("/")
