"""Render a page: one environment, escaped by default, a missing value is an error, nothing from elsewhere."""

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

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


def practice_tail(request: Request) -> str:
    """Write what a link carries along so that it stays with the practice an address names; blank where none is."""
    named = practice_named(request)
    return f"?{urlencode({'practice': named})}" if named else ""


def practice_named(request: Request) -> str:
    """Give the practice an address names, if whoever asks may see it; else blank: no page repeats others'."""
    named, principal = request.query_params.get("practice"), principal_of(request)
    return named if named and principal is not None and principal.sees(named) else ""


def practices_of(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the practices whose pages whoever asks may choose between, by id and name; none where there is one."""
    principal, service = principal_of(request), getattr(request.app.state, "service", None)
    if principal is None or service is None or not getattr(request.state, "practice_id", ""):
        return ()
    seen = tuple((id_, practice.name) for id_, practice in service.office.practices() if principal.sees(id_))
    return seen if len(seen) > 1 else ()


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template of web/templates for a request.

    `values` go in by name, next to `request`, `principal`, `here` (the path), `tail` (the practice where the address
    names it, to go along in links; `and_tail` behind a query), `my_practices` (to choose from), and `page_token`, which
    every form sends back (`{% include "page_token.html" %}`; htmx and app.js send it by themselves). A request that
    htmx sends for a part of a page (HX-Request) gets the same template: its `extends` decides by `partial`.
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
            tail=practice_tail(request),
            and_tail=practice_tail(request).replace("?", "&"),
            practice_named=practice_named(request),
            my_practices=() if partial else practices_of(request),
            practice_now=getattr(request.state, "practice_id", ""),
            page_token=identity_of(request).page_token,
            **values,
        )
    )
    # same-origin: with no-referrer, browsers say of their own forms that they come from nowhere (Origin: null).
    headers = {"content-security-policy": PAGE_POLICY, "vary": "HX-Request", "referrer-policy": "same-origin"}
    return HTMLResponse(text, status, headers)
