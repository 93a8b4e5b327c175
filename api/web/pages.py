"""Render a page: one environment, escaped by default, a missing value is an error, nothing from elsewhere."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.access.at_door import identity_of
from api.access.principal import principal_of
from api.web.assets import address
from api.web.filters import FILTERS
from api.web.menu import MENU

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
"""No inline script or style, and nothing of another site: a page shows what payers and charts wrote."""


@cache
def environment() -> Environment:
    """Give the one environment of all pages."""
    env = Environment(
        loader=FileSystemLoader(str(files("api").joinpath("web/templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["static"] = address
    env.globals["menu"] = MENU
    env.filters.update(FILTERS)
    return env


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template of web/templates for a request.

    `values` go in by name, next to `request`, `principal`, `here` (the path) and `page_token`, which every form sends
    back (`{% include "page_token.html" %}`; htmx and app.js send it by themselves). A request that htmx sends for a
    part of a page (HX-Request) gets the same template: its `extends` decides by `partial`.
    """
    partial = request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"
    text = (
        environment()
        .get_template(template)
        .render(
            request=request,
            principal=principal_of(request),
            here=request.url.path,
            partial=partial,
            page_token=identity_of(request).page_token,
            **values,
        )
    )
    # same-origin: with no-referrer, browsers say of their own forms that they come from nowhere (Origin: null).
    headers = {"content-security-policy": PAGE_POLICY, "vary": "HX-Request", "referrer-policy": "same-origin"}
    return HTMLResponse(text, status, headers)
