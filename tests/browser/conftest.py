"""A real browser, and the sample practice served to it.

`site` is served once to all tests of a worker and only read; `fresh_site` is a copy for one test that changes cases;
both let anybody in. `guarded_site` wants people to sign in. `page` is watched: see browsing.py.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watch, watched_page
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import Site, now, served
from signing_in import PASSWORD, PEOPLE

from api.access.users import Users
from api.offices import open_office

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
MISSING = """the browser tests need Chromium, which is not on the PATH.
Debian and Ubuntu: apt-get update && apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
(Fedora: dnf install chromium.) No other browser and no download by Playwright is used."""

expect.set_options(timeout=60_000)  # of a machine that is busy otherwise


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, once a file: while Playwright runs, no other test could run an event loop of its own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        # The sandbox needs a kernel that lets containers make namespaces; what is opened is our own pages only.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(cedar_worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample practice, served for reading."""
    place = tmp_path_factory.mktemp("site")
    home = Path(shutil.copytree(cedar_worked, place / "home"))
    with served(home, place / "log") as site:
        yield site


@pytest.fixture
def fresh_site(cedar_worked: Path, tmp_path: Path) -> Iterator[Site]:
    """The sample practice, served to one test that decides cases."""
    home = Path(shutil.copytree(cedar_worked, tmp_path / "home"))
    with served(home, tmp_path / "log") as site:
        yield site


@pytest.fixture
def watched(chromium: Browser) -> Iterator[tuple[Page, Watch]]:
    """A page and what the browser complained of, for tests that expect a complaint."""
    with watched_page(chromium) as (page, watch):
        yield page, watch


@pytest.fixture
def page(watched: tuple[Page, Watch]) -> Page:
    """A page at a desk, light; any complaint of the browser fails the test."""
    return watched[0]


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """The sample practice before its first remit: everything is there but denials."""
    folder = Path(shutil.copytree(CEDAR, tmp_path / "folder"))
    for remit in (folder / "remits").iterdir():
        remit.unlink()
    with open_office(tmp_path / "home", make=True, clock=now, environment={}) as office:
        office.take_folder(folder)
    with served(tmp_path / "home", tmp_path / "log") as site:
        yield site


@pytest.fixture(scope="module")
def guarded_site(cedar_worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample practice for who signs in: PEOPLE, who have set up no second factor yet."""
    place = tmp_path_factory.mktemp("guarded")
    home = Path(shutil.copytree(cedar_worked, place / "home"))
    with open_office(home, clock=now, environment={}) as office:
        users = Users(office.records, now)
        for login, (name, role) in PEOPLE.items():
            users.add(login, name, role, None, PASSWORD)
    with served(home, place / "log", demo=False) as site:
        yield site
