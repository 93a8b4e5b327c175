"""The case page in a real browser: a case decided by keyboard, its sources, its letter mended, its panes moved."""

import re
from urllib.parse import urlsplit

import pytest
from browsing import Watch
from playwright.sync_api import Page, expect
from serving import Site

UNITS = "den_484352af2557216203e9"
PHYSICIAN = "den_7882da84cc14c37aacd1"
CASE = re.compile(r"/case/den_\w+")


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1


def opened(page: Page, site: Site, denial_id: str, query: str = "") -> Keys:
    page.goto(site.at(f"/case/{denial_id}{query}"))
    expect(page.locator("#case-title")).to_be_focused()
    return Keys(page)


@pytest.mark.parametrize("denial_id", [UNITS, PHYSICIAN])
def test_a_case_is_read_checked_and_approved_with_five_keys(page: Page, fresh_site: Site, denial_id: str) -> None:
    keys = opened(page, fresh_site, denial_id, "?status=in_review")
    keys.press("o")  # what the first fact rests on
    expect(page.locator("#source .found .here, #source mark").first).to_be_visible()
    keys.press("Escape")
    keys.press("a")
    if denial_id == PHYSICIAN:
        expect(page.get_by_role("dialog", name="Approve")).to_be_visible()
        keys.press("Enter")
    expect(page.locator("#did")).to_contain_text("Approved: claim", timeout=60_000)
    assert keys.pressed <= 5
    # The desk went on by itself; for a moment the address still says of which case the message tells.
    assert denial_id not in urlsplit(page.url).path
    expect(page.locator("#case-title")).to_be_focused()

    keys.press("u")

    expect(page.locator("#did")).to_contain_text("Taken back", timeout=60_000)
    assert denial_id in page.url


def test_next_and_previous_and_back_go_by_key(page: Page, site: Site) -> None:
    page.goto(site.at("/case/" + UNITS + "?status=in_review"))
    page.keyboard.press("j")
    page.wait_for_url(lambda url: UNITS not in url)
    page.keyboard.press("k")
    page.wait_for_url(lambda url: UNITS in url)
    page.keyboard.press("q")
    page.wait_for_url(re.compile("/queue"))


def test_a_citation_opens_its_evidence_marked_and_gives_the_focus_back(page: Page, site: Site) -> None:
    opened(page, site, UNITS)
    citation = page.locator("#pane-work a.cite[data-evidence=E3]").first
    citation.focus()
    page.keyboard.press("o")
    expect(page.locator("#source-title")).to_be_focused()
    expect(page.locator("#source mark")).to_have_text("SV1*HC:J9299:JZ*21600*UN*480***1")
    expect(page.locator("#source mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_empty()
    expect(citation).to_be_focused()


def test_a_letter_is_mended_while_the_server_watches_and_saved_only_when_it_stands(
    watched: tuple[Page, Watch], fresh_site: Site
) -> None:
    page, watch = watched
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 401")
    opened(page, fresh_site, UNITS)
    page.keyboard.press("e")
    paragraph = page.get_by_label("Paragraph 2", exact=True)
    expect(page.locator(".verdict")).to_contain_text("Nothing is changed", timeout=60_000)
    paragraph.fill("On March 9, 2026 the patient received 500 mg [E6].")
    expect(page.locator(".verdict")).to_contain_text("1 sentence does not stand", timeout=60_000)
    expect(paragraph).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#paragraph-1-faults")).to_contain_text("500")
    expect(page.locator("[data-part=p1] .mirror mark").first).to_contain_text("500")
    page.keyboard.press("Control+Enter")
    expect(paragraph).to_be_focused()
    assert page.locator("#letter-form").count() == 1  # it was not saved

    # The network goes, then the session: the words stay, and are judged once the server is there again.
    page.context.set_offline(True)
    paragraph.fill("On March 9, 2026 the patient received 480 mg [E6].")
    expect(page.locator(".verdict")).to_contain_text("Your words are here", timeout=60_000)
    page.route("**/letter/check*", lambda route: route.fulfill(status=401, json={"detail": "sign in"}))
    page.context.set_offline(False)
    expect(page.locator(".verdict")).to_contain_text("sign in beside this page", timeout=60_000)
    page.unroute("**/letter/check*")
    paragraph.press("End")
    paragraph.press("Space")
    paragraph.press("Backspace")
    expect(page.locator(".verdict")).to_contain_text("Every word stands", timeout=60_000)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#did")).to_contain_text("The letter was saved", timeout=60_000)
    expect(page.locator(".paper")).to_contain_text("the patient received 480 mg")


def test_a_citation_says_what_it_is_and_shows_its_words_on_focus(page: Page, site: Site) -> None:
    opened(page, site, UNITS)
    citation = page.locator("#pane-facts a.cite[data-evidence=E3]").first
    expect(citation).to_have_text("3 claim line 1")
    page.keyboard.press("Tab")  # from here on the focus is seen
    citation.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("SV1*HC:J9299:JZ*21600*UN*480***1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_panes_are_reached_and_moved_by_key_and_stack_on_a_phone(page: Page, site: Site) -> None:
    opened(page, site, UNITS)
    page.keyboard.press("3")
    expect(page.locator("#pane-work")).to_be_focused()
    splitter = page.get_by_role("separator", name="Width of what the payer said")
    before = page.locator("#pane-payer").bounding_box()
    splitter.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    after = page.locator("#pane-payer").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] + 50
    assert splitter.get_attribute("aria-valuenow") == "33"

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    payer, facts = page.locator("#pane-payer").bounding_box(), page.locator("#pane-facts").bounding_box()
    assert payer is not None
    assert facts is not None
    assert facts["y"] >= payer["y"] + payer["height"]
