"""Signing in with a second factor, by keyboard."""

import re

from browsing import Watch
from playwright.sync_api import Page, expect
from serving import Site
from signing_in import PASSWORD, code, first_sign_in


def test_the_first_sign_in_sets_up_a_second_factor_and_the_next_asks_for_it(page: Page, guarded_site: Site) -> None:
    secret = first_sign_in(page, guarded_site, "bo")
    expect(page.locator("ul.codes li").first).to_be_visible()
    page.get_by_role("link", name="I have them").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/queue"))

    page.goto(guarded_site.at("/account"))
    page.get_by_role("button", name="Sign out", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in"))

    page.goto(guarded_site.at("/queue"))  # what one cannot see leads to the door, and back
    page.get_by_label("Login").fill("bo")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("The code your authenticator shows").fill(code(secret, guarded_site, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/queue"))
    expect(page.get_by_role("link", name="Bo Biller")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Users")).to_have_count(0)


def test_a_wrong_password_is_told_and_the_login_stays(watched: tuple[Page, Watch], guarded_site: Site) -> None:
    page, watch = watched
    watch.allow("status of 4")
    page.goto(guarded_site.at("/sign-in"))
    page.get_by_label("Login").fill("mara")
    page.get_by_label("Password").fill("not the password at all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Login")).to_have_value("mara")
