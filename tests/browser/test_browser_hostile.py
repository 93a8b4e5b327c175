"""A practice whose every name and note is markup that wants to run, in a real browser: nothing of it does."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from serving import Site, now, served

sys.path.insert(0, str(Path(__file__).parents[1] / "hostile"))

from hostile_folder import MARK, hostile_folder

from api.offices import open_office


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("hostile-site")
    with open_office(place / "home", make=True, clock=now, environment={}) as office:
        report = office.take_folder(hostile_folder(place / "folder"))
        assert report.practice_id is not None
        office.work(report.practice_id)
    with served(place / "home", place / "log") as site:
        yield site


def test_nothing_written_elsewhere_runs_in_a_browser(hostile_site: Site, page: Page) -> None:
    ran: list[str] = []
    page.expose_function(MARK, lambda: ran.append(page.url))
    page.on("dialog", lambda dialog: (ran.append(f"dialog at {page.url}"), dialog.dismiss()))
    page.goto(hostile_site.at("/queue?status=any"))
    cases = page.eval_on_selector_all("a[href^='/case/']", "links => links.map(link => link.getAttribute('href'))")
    assert cases
    for path in ["/dashboard", "/series", "/rules", "/outbox", *sorted(set(cases))[:6]]:
        page.goto(hostile_site.at(path))
        for link in page.locator("a.cite[data-evidence]").all()[:12]:
            if link.is_visible():
                link.dispatch_event("click")  # wherever it stands: what it opens is looked at, not how it is reached
                page.wait_for_load_state("networkidle")
    page.goto(hostile_site.at("/queue?status=any"))
    page.keyboard.press("Control+k")
    page.locator("#palette-words").fill("<img")
    page.wait_for_timeout(300)
    assert page.locator("img[src=x], svg[onload], [onerror], [onfocus]").count() == 0
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert [mark for mark in (MARK, "CED26", "CHP4", "26C26") if mark in kept] == []
    assert ran == []
