"""Pictures of the main pages for the README: `python tests/browser/picturing.py` writes api/web/screens/*.png."""

import sys
import tempfile
from pathlib import Path
from shutil import which

from browsing import View, watched_page
from looking import CASES
from playwright.sync_api import sync_playwright
from serving import now, served

from api.offices import open_office

TOP = Path(__file__).parents[2]
PLACE = TOP / "api" / "web" / "screens"
PAGES = {
    "queue": ("/queue", View(width=1280, height=800)),
    "case": (CASES["/case/appeal"], View(width=1440, height=900)),
    "correction": (CASES["/case/correction"], View(width=1440, height=900)),
    "dashboard": ("/dashboard", View(width=1280, height=1000)),
    "queue-dark-phone": ("/queue", View("dark", 390, 844)),
}


def take() -> None:
    """Work the sample practice, serve it, and take the pictures."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = Path(scratch) / "home"
        with open_office(home, make=True, clock=now, environment={}) as office:
            report = office.take_folder(TOP / "evals" / "practices" / "cedar" / "folder")
            assert report.practice_id is not None
            office.work(report.practice_id)
        chromium = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        with served(home, Path(scratch) / "log") as site:
            for name, (address, view) in PAGES.items():
                with watched_page(chromium, view) as (page, _):
                    page.goto(site.at(address))
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=PLACE / f"{name}.png")
                    sys.stdout.write(f"{name}.png\n")


if __name__ == "__main__":
    take()
