"""The page at `/api`: the API's description, for people. One page, no script, nothing from elsewhere."""

import base64
import hashlib
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.problem_kinds import URN, kinds_by_subject

router = APIRouter(include_in_schema=False)

STYLE = files("api").joinpath("web/overview.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.get("/")
def front() -> Response:
    """Lead to the queue."""
    return RedirectResponse("/queue", 303)


@router.get("/api", response_class=HTMLResponse)
def overview(request: Request) -> HTMLResponse:
    """Show every address with what it takes and answers."""
    return HTMLResponse(_page(request.app.openapi()), headers={"content-security-policy": POLICY})


def _page(description: dict[str, Any]) -> str:
    about = description["info"]
    sections = "".join(_section(description, tag) for tag in description["tags"])
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(about['title'])} API</title><style>{STYLE}</style>"
        f"<header><h1>{escape(about['title'])} <small>API {escape(about['version'])}</small></h1>"
        f"{_prose(about['description'])}<p><a href=/openapi.json>openapi.json</a></p></header>"
        f"<main>{sections}{_problems()}</main>"
    )


def _problems() -> str:
    """Write every kind of problem with its cause and what to do; `/api#NAME` leads to one."""
    rows = "".join(
        f"<details id='{escape(name)}'><summary><code>{escape(name)}</code> <span>{int(kind.status)}: "
        f"{escape(kind.title)}</span></summary><p>{_inline(kind.cause)}<p>{_inline(kind.do)}</details>"
        for held in kinds_by_subject().values()
        for name, kind in held.items()
    )
    about = f"<p>The <code>type</code> of a problem document is {URN} and a name.</p>"
    return f"<section><h2>Errors</h2>{about}{rows}</section>"


def _section(description: dict[str, Any], tag: dict[str, str]) -> str:
    operations = [
        _operation(method, address, operation)
        for address, methods in description["paths"].items()
        for method, operation in methods.items()
        if tag["name"] in operation.get("tags", ())
    ]
    return f"<section><h2>{escape(tag['name'])}</h2>{_prose(tag['description'])}{''.join(operations)}</section>"


def _operation(method: str, address: str, operation: dict[str, Any]) -> str:
    parameters = "".join(_parameter(each) for each in operation.get("parameters", ()))
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code><td>{_inline(str(answer.get('description', '')))}"
        for status, answer in sorted(operation["responses"].items())
    )
    body = ", ".join(operation.get("requestBody", {}).get("content", {}))
    return (
        f"<details><summary><span class='method {escape(method)}'>{escape(method.upper())}</span> "
        f"<code>{escape(address)}</code> <span>{escape(operation['summary'])}</span></summary>"
        f"{_prose(operation.get('description', ''))}"
        + (f"<h3>Takes</h3><table>{parameters}</table>" if parameters else "")
        + (f"<p>Body: <code>{escape(body)}</code></p>" if body else "")
        + f"<h3>Answers</h3><table>{answers}</table></details>"
    )


def _parameter(parameter: dict[str, Any]) -> str:
    needed = " (required)" if parameter.get("required") else ""
    says = _inline(parameter.get("description", "") + needed)
    return f"<tr><td><code>{escape(parameter['name'])}</code><td>{escape(parameter['in'])}<td>{says}"


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())


def _inline(text: str) -> str:
    """Set `code` and **bold**; everything else is text."""
    parts = escape(text).split("`")
    coded = "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
    bold = coded.split("**")
    return "".join(f"<b>{part}</b>" if at % 2 else part for at, part in enumerate(bold))
