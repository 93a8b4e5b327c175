"""Where this server is reached, as browsers and programs name it."""

from starlette.requests import Request

from api.access.loopback import host_named, is_loopback
from api.access.settings import AccessSettings


def own_address(request: Request, settings: AccessSettings) -> str | None:
    """Give the server's own address without a slash at its end; None when the settings do not name it.

    What the request names as the host is believed for this machine only: whoever sends it writes it.
    """
    if settings.address is not None:
        return settings.address
    host = request.headers.get("host", "")
    return f"http://{host}" if is_loopback(host_named(host)) else None


def page_after(wanted: str | None, otherwise: str) -> str:
    """Give the page to go to after signing in: the one that was wanted, if it is one of ours."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/sign-in")) or "\\" in wanted:
        return otherwise
    return wanted if wanted.isprintable() else otherwise
