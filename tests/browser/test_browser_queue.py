"""The queue in a real browser: several approved and undone, found by words and commands, and back after the door."""

import re

from browsing import Watch
from playwright.sync_api import Page, expect
from serving import Site
from signing_in import PASSWORD, code, first_sign_in


def waiting(page: Page) -> str:
    return page.locator(".strip dd").first.inner_text()


def test_several_are_approved_as_shown_and_undone_by_key(page: Page, fresh_site: Site) -> None:
    page.goto(fresh_site.at("/queue?status=in_review"))
    before = waiting(page)
    for key in "jxjjx":
        page.keyboard.press(key)
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name=re.compile("Approve"))
    expect(dialog.locator(".looked li").first).to_be_visible()
    count = dialog.locator("[name=seen]:checked").count()
    assert count >= 2
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text(f"Approved: {count} denials", timeout=60_000)
    expect(page.locator(".strip dd").first).to_have_text(str(int(before) - count))

    page.keyboard.press("u")

    expect(page.locator("#told")).to_contain_text(f"Taken back: {count} denials", timeout=60_000)
    expect(page.locator(".strip dd").first).to_have_text(before)

    page.keyboard.press("j")  # the keys are where they were: at a row
    page.keyboard.press("s")
    page.get_by_role("dialog", name=re.compile("Snooze")).get_by_role("button", name="Snooze").press("Enter")
    expect(page.locator("#told")).to_contain_text("Snoozed until")
    page.keyboard.press("u")
    expect(page.locator("#told")).to_contain_text("Undone")
    expect(page.locator(".strip dd").first).to_have_text(before)

    # What somebody changes while the dialog is open is left as it is, and said.
    page.goto(fresh_site.at("/queue?status=in_review"))
    for key in "jxa":
        page.keyboard.press(key)
    expect(dialog.locator("[name=seen]:checked")).to_have_count(1)
    denial_id = str(dialog.locator("[name=seen]").get_attribute("value")).partition(":")[0]
    tag = page.request.get(fresh_site.at(f"/case/{denial_id}")).text().split('name="tag" value="')[1].split('"')[0]
    page.request.post(fresh_site.at(f"/case/{denial_id}/reject"), form={"tag": tag, "reason": "No case"})
    page.request.post(fresh_site.at(f"/case/{denial_id}/take-back"), form={})
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-left]")).to_contain_text("it has changed since it was shown", timeout=60_000)


def test_commands_and_cases_are_found_in_the_palette(page: Page, site: Site) -> None:
    page.goto(site.at("/queue"))
    page.keyboard.press("Control+k")
    page.keyboard.type("bianchi")
    options = page.locator("#palette-found li")
    expect(options.first).to_contain_text("BIANCHI")
    page.keyboard.type(" zzz")
    expect(page.locator("#palette-says")).to_contain_text("Nothing is found")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(page.locator("body")).to_be_focused()  # the dialog has given the keys back
    page.keyboard.press("/")
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("zzqq")
    expect(page.get_by_role("heading", name="Nothing is found by these words")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("go to dash")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/dashboard"))
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url(re.compile("/series"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_who_was_signed_out_comes_back_to_the_place(watched: tuple[Page, Watch], guarded_site: Site) -> None:
    page, watch = watched
    watch.allow("status of 401|Status Error Code 401")
    secret = first_sign_in(page, guarded_site, "mara")
    page.goto(guarded_site.at("/queue?status=in_review"))
    page.context.clear_cookies()
    page.keyboard.press("r")
    page.wait_for_url(re.compile("/sign-in"))
    page.get_by_label("Login").fill("mara")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("The code your authenticator shows").fill(code(secret, guarded_site, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/queue\?status=in_review"))


def test_a_server_that_is_away_is_said_and_nothing_is_lost(watched: tuple[Page, Watch], site: Site) -> None:
    page, watch = watched
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:(afterRequest|sendError)")
    page.goto(site.at("/queue"))
    page.context.set_offline(True)
    page.keyboard.press("r")
    expect(page.locator("#told")).to_contain_text("The server does not answer")
    expect(page.locator("#queue tr[data-denial]").first).to_be_visible()
    page.context.set_offline(False)
    page.route("**/queue?*", lambda route: route.fulfill(status=500, json={"request_id": "req_1"}))
    page.route("**/queue", lambda route: route.fulfill(status=500, json={"request_id": "req_1"}))
    watch.allow("status of 500|500 from|Status Error Code 500")
    page.keyboard.press("r")
    expect(page.locator("#told")).to_contain_text("Report req_1")
