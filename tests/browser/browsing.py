"""A browser that watches what it opens: any error on the console, any breach of the page policy, fails the test."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

Scheme = Literal["light", "dark"]

# Chromium says a breach of the policy on the console too, but not for every kind: the event is surer.
_TELL_BREACHES = """
window.breaches = [];
document.addEventListener("securitypolicyviolation", (e) =>
  console.error(`page policy breached: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""


@dataclass
class Watch:
    """What went wrong in the pages opened. What a test expects ("status of 412") it allows beforehand."""

    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect what matches `pattern` (a regular expression)."""
        self.allowed.append(pattern)

    def check(self) -> None:
        """Fail if anything was found that was not expected."""
        wrong = [said for said in self.found if not any(re.search(pattern, said) for pattern in self.allowed)]
        assert not wrong, "the browser complains:\n" + "\n".join(wrong)

    def over(self, page: Page) -> None:
        """Watch a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error at {page.url}: {error}"))
        page.on("response", self._response)
        page.add_init_script(_TELL_BREACHES)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            self.found.append(f"console: {message.text} ({where})")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status} from {response.request.method} {response.url}")


@dataclass(frozen=True)
class View:
    """How a page is looked at. Zoom to 200% halves the room a page has, and doubles its dots."""

    scheme: Scheme = "light"
    width: int = 1440
    height: int = 900
    zoom: int = 1


DESK = View()
PHONE = View(width=390, height=844)
ZOOMED = View(width=1280, height=1024, zoom=2)


LIGHT, DARK, FORCED = "light", "dark", "forced colours"
LOOKS = {1440: (LIGHT, DARK, FORCED), 640: (LIGHT,), 390: (LIGHT, DARK)}
"""How a page may look at each width (in CSS pixels): the schemes of its own, and the few colours a system forces."""


def wear(page: Page, look: str) -> None:
    """Have a page look so, as it stands."""
    page.emulate_media(
        color_scheme="dark" if look == DARK else "light",
        forced_colors="active" if look == FORCED else "none",
        reduced_motion="reduce",
    )


@contextmanager
def watched_page(chromium: Browser, view: View = DESK) -> Iterator[tuple[Page, Watch]]:
    """Open a page with cookies of its own; when the block ends, complain of what the browser complained of."""
    context = chromium.new_context(
        color_scheme=view.scheme,
        viewport={"width": view.width // view.zoom, "height": view.height // view.zoom},
        device_scale_factor=view.zoom,
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="America/Denver",
    )
    context.set_default_timeout(60_000)
    watch = Watch()
    context.on("page", watch.over)
    try:
        yield context.new_page(), watch
        watch.check()
    finally:
        context.close()
