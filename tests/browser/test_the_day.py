"""A biller's day, by keyboard alone: an empty queue, a remit comes in, a case is approved, its packet stands."""

import re

from playwright.sync_api import Page, expect
from serving import Site

from evals import practices

REMIT = "CHP_ERA_0403.txt"
CASE = re.compile(r"/case/(den_\w+)")


def test_from_an_empty_queue_to_an_approved_packet(page: Page, empty_site: Site) -> None:
    page.goto(empty_site.at("/queue"))
    expect(page.locator("#queue tr[data-denial]")).to_have_count(0)

    remit = next(iter(practices.__path__)) + f"/cedar/folder/remits/{REMIT}"
    with open(remit, "rb") as file:
        part = {"name": REMIT, "mimeType": "text/plain", "buffer": file.read()}
    taken = page.request.post(empty_site.at("/v1/remits"), multipart={"file": part})
    assert taken.ok, taken.text()
    page.keyboard.press("r")
    expect(page.locator("#queue tr[data-denial]").first).to_be_visible()

    for _ in range(8):  # to the first row that is one case; a series opens in its place
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.matches('a.open') && document.activeElement.href.includes('/case/')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(CASE)
    for _ in range(8):  # past what wants more than a reading, to a case with a packet that may be approved
        if page.locator("[data-press=a]:not([disabled]), [data-key=a]:not([disabled])").count():
            break
        before = page.url
        page.keyboard.press("j")
        page.wait_for_url(lambda url, before=before: url != before)
        expect(page.locator("#case-title")).to_be_focused()  # the next case stands, and its keys are heard
    found = CASE.search(page.url)
    assert found
    denial_id, keys = found[1], ["Enter", "a"]  # opened, and approved
    signed = page.locator("[data-key=a][data-dialog]").count() > 0
    page.keyboard.press("a")
    if signed:
        page.get_by_role("dialog", name="Approve").wait_for()
        page.keyboard.press("Enter")
        keys.append("Enter")
    expect(page.locator("#did")).to_contain_text("Approved", timeout=30_000)
    assert len(keys) <= 5
    record = page.request.get(empty_site.at(f"/v1/denials/{denial_id}")).json()
    assert record["status"] == "approved"
