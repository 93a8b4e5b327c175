"""A served home with a clock that is moved by hand, and browsers that sign in to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from fastapi.testclient import TestClient

from agent.office import Office
from api.access.clients import ApiClients
from api.access.settings import AccessSettings
from api.access.users import Users
from api.app import create_app
from api.offices import open_office
from api.settings import Settings
from knowledge.records.access import AccessRole, User

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
KEY = "a-key-that-is-long-enough"
HERE = "http://127.0.0.1:8710"
PASSWORD = "maple otter crayon vivid"
BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Door:
    """The server, its office, and its clock."""

    app: TestClient
    clock: Clock
    settings: Settings
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.app.app.state.service.office  # type: ignore[attr-defined]

    @property
    def practices(self) -> dict[str, str]:
        return {practice.name: practice_id for practice_id, practice in self.office.practices()}

    def users(self) -> Users:
        return Users(self.office.records, self.clock)

    def clients(self) -> ApiClients:
        return ApiClients(self.office.records, self.clock)

    def user(self, login: str, role: AccessRole = "biller", practices: list[str] | None = None) -> User:
        """Add a user whose authenticator is set up."""
        user, _ = self.users().add(login, f"{login.title()} Olin", role, practices, PASSWORD)
        self.secrets[login] = pyotp.random_base32()
        user = user.model_copy(update={"totp_secret": self.secrets[login], "totp_since": self.clock()})
        with self.office.records.transaction() as tx:
            tx.access.save_user(user)
        return user

    def code(self, login: str) -> str:
        return pyotp.TOTP(self.secrets[login]).at(int(self.clock().timestamp()))

    def browser(self, host: str = HERE) -> TestClient:
        """A browser that has not been here: what it sends comes from our own pages."""
        return TestClient(
            self.app.app, base_url=host, headers={"origin": host, "accept": "text/html"},
            follow_redirects=False, raise_server_exceptions=False,
        )  # fmt: skip

    def signed_in(self, login: str, host: str = HERE) -> TestClient:
        """A browser that a user has signed in with; what it sends carries its pages' token."""
        browser = self.browser(host)
        first = browser.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert first.status_code == 303, first.text
        if first.headers["location"].startswith("/sign-in/code"):
            second = browser.post("/sign-in/code", data={"code": self.code(login)})
            assert second.status_code == 303, second.text
        # The next code of this user is another.
        self.clock.pass_(seconds=30)
        browser.headers["x-page-token"] = page_token(browser)
        return browser


def page_token(browser: TestClient) -> str:
    found = re.search(r'name="page-token" content="([0-9a-f]*)"', browser.get("/account", follow_redirects=True).text)
    assert found, "the page carries no token"
    return found.group(1)


@contextmanager
def opened_door(home: Path, access: AccessSettings | None = None, clock: Clock | None = None) -> Iterator[Door]:
    clock = clock or Clock()
    settings = Settings(home=home, api_key=KEY, access=access or AccessSettings())
    app = create_app(settings, lambda given: open_office(given.home, make=True, clock=clock))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield Door(client, clock, settings)


def add_practice(home: Path, name: str, tax_id: str) -> str:
    folder = home.parent / f"folder-{tax_id}"
    folder.mkdir()
    text = (CEDAR / "practice.yaml").read_text()
    old = re.search(r"^name: (.*)$", text, re.MULTILINE)
    assert old
    (folder / "practice.yaml").write_text(text.replace("841234567", tax_id).replace(old.group(1), name))
    with open_office(home, make=True, clock=lambda: BEGIN) as office:
        report = office.take_folder(folder)
    assert report.practice_id is not None
    return report.practice_id
