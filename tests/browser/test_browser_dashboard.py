"""The dashboard in a browser: each number leads to its denials, by keyboard too."""

import re

from playwright.sync_api import Page, expect
from serving import Site


def test_a_number_leads_to_the_queue_of_its_denials(page: Page, site: Site) -> None:
    page.goto(site.at("/dashboard"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    link = page.locator("main a[href^='/queue?']").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/queue\?"))
    expect(page.locator("#queue tr[data-denial]").first).to_be_visible()


def test_charts_have_words_and_tables(page: Page, site: Site) -> None:
    page.goto(site.at("/dashboard"))
    charts = page.locator("main svg[role=img]")
    assert charts.count() > 0
    for place in range(charts.count()):
        assert charts.nth(place).locator("title").count() or charts.nth(place).get_attribute("aria-label")
    assert page.locator("main table").count() > 0
