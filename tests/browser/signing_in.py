"""People of the guarded site, and how one signs in for the first time."""

from collections.abc import Callable

import pyotp
from playwright.sync_api import Page
from serving import Site

from knowledge.records.access import AccessRole

PASSWORD = "maple otter crayon vivid"
PEOPLE: dict[str, tuple[str, AccessRole]] = {
    "ada": ("Ada Admin", "administrator"),
    "mara": ("Mara Manager", "manager"),
    "bo": ("Bo Biller", "biller"),
}


def first_sign_in(page: Page, site: Site, login: str, before_code: Callable[[Page], None] = lambda page: None) -> str:
    """Sign in with the password, set the second factor up, keep the recovery codes; give the factor's secret.

    `before_code` looks at the page that shows the secret.
    """
    page.goto(site.at("/sign-in"))
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    before_code(page)
    page.get_by_label("Six digits").fill(code(secret, site))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    return secret


def code(secret: str, site: Site, later: int = 0) -> str:
    """The code an authenticator shows, `later` steps of 30 seconds from now."""
    return pyotp.TOTP(secret).at(int(site.now().timestamp()), counter_offset=later)
