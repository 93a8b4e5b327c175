"""Every page by its address, and what axe says of one."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CASES = {"/case/appeal": "/case/den_7882da84cc14c37aacd1", "/case/correction": "/case/den_484352af2557216203e9"}
READERS = ("/queue", "/queue?status=approved", *CASES, "/dashboard", "/series", "/rules", "/outbox", "/no-such-page")
MANAGERS = ("/users", "/clients", "/webhooks", "/audit", "/account")
OPEN = ("/sign-in", "/sign-in/password", "/api")


def address(name: str) -> str:
    return CASES.get(name, name)


def violations(page: Page) -> list[str]:
    """What axe finds, one line a rule, with the first places."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        for rule in found
    ]


_CUT = """() => [...document.querySelectorAll(":is(main, header) :is(a, button, input, select, td)")]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || one.closest(".hidden-text, .skip, [hidden]")) return false;
    if (box.right <= innerWidth + 1 && box.left >= -1) return false;
    for (let above = one.parentElement; above; above = above.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(above).overflowX)) return false;
    return true;
  }).map((one) => one.outerHTML.slice(0, 160))"""


def cut_off(page: Page) -> list[str]:
    """What can be pressed or read and stands beyond the window's edge, where nothing scrolls to it."""
    found: list[str] = page.evaluate(_CUT)
    return found


def overflow(page: Page) -> int:
    """How many CSS pixels the page is wider than its window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))
