"""A biller's day, by keyboard alone: an empty queue, a remit is added, a case approved, its packet is as approved."""

import hashlib
import re
import time

from playwright.sync_api import Page, expect
from serving import Site

from evals import practices

REMIT = "CHP_ERA_0403.txt"
CASE = re.compile(r"/case/(den_\w+)")
MOST_KEYS, MOST_SECONDS = 5, 120  # on a machine that is busy otherwise; a biller may take 30 s


class Keys:
    """A keyboard that counts, and remembers since when."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed, self._began = page, 0, time.monotonic()

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1

    def seconds(self) -> float:
        return time.monotonic() - self._began


def test_from_an_empty_queue_to_an_approved_packet(page: Page, empty_site: Site) -> None:
    page.goto(empty_site.at("/queue"))
    expect(page.get_by_role("heading", name="No denials yet")).to_be_visible()

    page.keyboard.press("f")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(next(iter(practices.__path__)) + f"/cedar/folder/remits/{REMIT}")
    expect(page.locator("#taken li")).to_contain_text("Remittance (835), taken in")
    page.keyboard.press("Escape")
    rows = page.locator("#queue tr[data-denial]")
    for _ in range(600):  # the cases are being worked: what is done is shown on demand
        page.keyboard.press("r")
        page.wait_for_timeout(500)
        if rows.count() and page.locator("#news .working").count() == 0:
            break
    expect(rows.first).to_be_visible()

    page.keyboard.press("Control+k")  # the list of those that need a person
    page.keyboard.type("show: need")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("status=in_review"))
    expect(rows.first).to_be_visible()

    keys = Keys(page)  # from the queue, its moves among them, to the approval
    keys.press("j", "Enter")
    page.wait_for_url(re.compile("/case/|/series/"))
    found = CASE.search(page.url)
    assert found, f"the first row is no case: {page.url}"
    denial_id = found[1]
    expect(page.locator("#case-title")).to_be_focused()
    keys.press("a")
    if page.locator("#approve-dialog[open]").count():
        keys.press("Enter")
    expect(page.locator("#did")).to_contain_text("Approved", timeout=60_000)
    assert keys.pressed <= MOST_KEYS
    assert keys.seconds() < MOST_SECONDS

    case = page.request.get(empty_site.at(f"/v1/denials/{denial_id}")).json()
    assert case["status"] == "approved"
    (approval,) = [one for one in case["approvals"] if one.get("void_code") is None]
    packet = page.request.get(empty_site.at(f"/case/{denial_id}/made/packet")).body()
    assert packet.startswith(b"%PDF")
    approved = {file["kind"]: file["sha256"] for file in approval["files"]}
    assert hashlib.sha256(packet).hexdigest() == approved["packet"]
