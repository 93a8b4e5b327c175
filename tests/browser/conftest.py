"""A real browser, and the sample practice served to it.

`site` is served once to all tests of a worker and only read; `fresh_site` is a copy for one test that changes cases;
both let anybody in. `guarded_site` wants people to sign in. `page` is watched: see browsing.py.
"""

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watch, watched_page
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Site, now, served
from signing_in import PASSWORD, PEOPLE

from api.access.users import Users
from api.offices import open_office

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
MISSING = """the browser tests need Chromium, which is not on the PATH.
Debian and Ubuntu: apt-get update && apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
(Fedora: dnf install chromium.) No other browser and no download by Playwright is used."""


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
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample practice, worked once for all processes of this run. Never to be changed: copy it."""
    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):  # a process of pytest-xdist: the run's own folder is one above
        shared = shared.parent
    made = shared / "sample-home"
    with (shared / "sample-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            begun = shared / "sample-home-begun"
            shutil.rmtree(begun, ignore_errors=True)
            with open_office(begun, make=True, clock=now, environment={}) as office:
                report = office.take_folder(CEDAR)
                assert report.practice_id is not None
                office.work(report.practice_id)
            begun.rename(made)
    return made


@pytest.fixture(scope="session")
def site(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample practice, served for reading."""
    place = tmp_path_factory.mktemp("site")
    home = Path(shutil.copytree(sample_home, place / "home"))
    with served(home, place / "log") as site:
        yield site


@pytest.fixture
def fresh_site(sample_home: Path, tmp_path: Path) -> Iterator[Site]:
    """The sample practice, served to one test that decides cases."""
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
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
def guarded_site(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample practice for who signs in: PEOPLE, who have set up no second factor yet."""
    place = tmp_path_factory.mktemp("guarded")
    home = Path(shutil.copytree(sample_home, place / "home"))
    with open_office(home, clock=now, environment={}) as office:
        users = Users(office.records, now)
        for login, (name, role) in PEOPLE.items():
            users.add(login, name, role, None, PASSWORD)
    with served(home, place / "log", demo=False) as site:
        yield site
