"""Every page at a desk, at 200% zoom and on a phone, in every scheme of colours: nothing axe finds, nothing cut off."""

from collections.abc import Iterator

import pytest
from browsing import DESK, LIGHT, LOOKS, PHONE, ZOOMED, View, watched_page, wear
from looking import MANAGERS, OPEN, READERS, address, cut_off, overflow, violations
from playwright.sync_api import Browser, Page
from serving import Site
from signing_in import first_sign_in

VIEWS = {"desk": DESK, "zoomed": ZOOMED, "phone": PHONE}


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest) -> View:
    return VIEWS[request.param]


@pytest.fixture(scope="module")
def reader(chromium: Browser, view: View) -> Iterator[Page]:
    with watched_page(chromium, view) as (page, watch):
        watch.allow("status of 404")
        yield page


def check(page: Page, looks: tuple[str, ...]) -> None:
    assert overflow(page) <= 0, f"{page.url} is {overflow(page)} px too wide"
    assert cut_off(page) == []
    for look in looks:
        wear(page, look)
        assert violations(page) == [], look
    wear(page, LIGHT)


@pytest.mark.parametrize("name", [*OPEN, *READERS])
def test_a_page_is_accessible(reader: Page, view: View, site: Site, name: str) -> None:
    reader.goto(site.at(address(name)))
    reader.wait_for_load_state("networkidle")
    check(reader, LOOKS[view.width // view.zoom])


def test_the_pages_of_who_manages_are_accessible(chromium: Browser, guarded_site: Site) -> None:
    def everywhere(page: Page) -> None:
        for view in VIEWS.values():
            width = view.width // view.zoom
            page.set_viewport_size({"width": width, "height": view.height // view.zoom})
            check(page, LOOKS[width])

    with watched_page(chromium) as (page, _):
        page.goto(guarded_site.at("/sign-in"))
        everywhere(page)
        first_sign_in(page, guarded_site, "ada", before_code=everywhere)
        everywhere(page)  # the recovery codes
        for name in MANAGERS:
            page.goto(guarded_site.at(name))
            everywhere(page)


@pytest.mark.parametrize("key", ["?", "Control+k", "f"])
def test_a_dialog_is_accessible_and_gives_the_focus_back(chromium: Browser, site: Site, key: str) -> None:
    with watched_page(chromium) as (page, _):
        page.goto(site.at("/queue"))
        page.keyboard.press(key)
        page.locator("dialog[open]").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0


def test_what_is_to_be_approved_together_is_accessible(chromium: Browser, site: Site) -> None:
    with watched_page(chromium, PHONE) as (page, _):
        page.goto(site.at("/queue?status=in_review"))
        for key in "jxjxa":
            page.keyboard.press(key)
        page.locator(".looked li").first.wait_for()
        check(page, LOOKS[PHONE.width])
