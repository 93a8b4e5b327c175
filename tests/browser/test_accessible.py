"""Every page, light and dark, at a desk, at 200% zoom, on a phone: nothing axe finds, nothing runs off sideways."""

from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, ZOOMED, View, watched_page
from looking import MANAGERS, OPEN, READERS, address, overflow, violations
from playwright.sync_api import Browser, Page
from serving import Site
from signing_in import first_sign_in

VIEWS = {
    "light": DESK,
    "dark": View("dark"),
    "zoomed": ZOOMED,
    "phone": PHONE,
    "phone dark": View("dark", 390, 844),
}


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest) -> View:
    return VIEWS[request.param]


@pytest.fixture(scope="module")
def reader(chromium: Browser, view: View) -> Iterator[Page]:
    with watched_page(chromium, view) as (page, watch):
        watch.allow("status of 404")
        yield page


def check(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0, f"{page.url} is {overflow(page)} px too wide"


@pytest.mark.parametrize("name", [*OPEN, *READERS])
def test_a_page_is_accessible(reader: Page, site: Site, name: str) -> None:
    reader.goto(site.at(address(name)))
    reader.wait_for_load_state("networkidle")
    check(reader)


def test_the_pages_of_who_manages_are_accessible(chromium: Browser, guarded_site: Site) -> None:
    with watched_page(chromium) as (page, _):
        page.goto(guarded_site.at("/sign-in"))
        first_sign_in(page, guarded_site, "ada")
        check(page)
        for name in MANAGERS:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(guarded_site.at(name))
                check(page)


@pytest.mark.parametrize("key", ["?", "Control+k"])
def test_a_dialog_is_accessible_and_gives_the_focus_back(chromium: Browser, site: Site, key: str) -> None:
    with watched_page(chromium) as (page, _):
        page.goto(site.at("/queue"))
        page.keyboard.press(key)
        page.locator("dialog[open]").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0
