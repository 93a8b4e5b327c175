"""The watch itself: it sees what it is there to see."""

import re
import time
from collections.abc import Callable

import pytest
from browsing import View, watched_page
from playwright.sync_api import Browser, Page
from serving import Site


def test_the_sign_in_page_opens_without_complaint(chromium: Browser, site: Site) -> None:
    with watched_page(chromium) as (page, _):
        page.goto(site.at("/sign-in"))
        assert page.get_by_label("Login").is_visible()


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("document.body.setAttribute('style', 'color: red')", "page policy breached"),
        (
            "const s = document.createElement('script'); s.textContent = '1'; document.body.append(s)",
            "page policy breached",
        ),
        ("new Image().src = 'https://elsewhere.example/x.png'", "page policy breached"),
        ("fetch('/nowhere')", "404"),
    ],
)
def test_a_complaint_fails(chromium: Browser, site: Site, does: str, says: str) -> None:
    with watched_page(chromium) as (page, watch):
        page.goto(site.at("/sign-in"))
        page.evaluate(f"() => {{ {does} }}")
        _await(page, lambda: any(re.search(says, found) for found in watch.found))
        with pytest.raises(AssertionError, match=says):
            watch.check()
        watch.allow("")


def test_what_is_expected_does_not_fail(chromium: Browser, site: Site) -> None:
    with watched_page(chromium) as (page, watch):
        watch.allow("status of 404")
        page.goto(site.at("/sign-in"))
        page.evaluate("() => fetch('/nowhere').then(() => null)")


def test_zoom_leaves_half_the_room(chromium: Browser, site: Site) -> None:
    with watched_page(chromium, View(width=1280, zoom=2)) as (page, _):
        page.goto(site.at("/sign-in"))
        assert page.evaluate("[innerWidth, devicePixelRatio]") == [640, 2]


def _await(page: Page, told: Callable[[], bool]) -> None:
    """Let the browser tell what it has to tell: a busy machine may take long, but not for ever."""
    until = time.monotonic() + 60
    while not told() and time.monotonic() < until:
        page.wait_for_timeout(20)
