"""The sign-in pages: password, second factor, a first password by one-time code, a practice's own sign-on."""

from typing import Annotated, Literal, TypedDict

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.at_door import IdentityOf, SigningInOf, sender_address
from api.access.needs import needs
from api.access.own_address import own_address, page_after
from api.access.passwords import WeakPassword
from api.access.sessions import drop_cookie, set_cookie
from api.access.sign_on import WAIT, SignOn, SignOnFailed
from api.access.signing_in import Opened, SignInRefused, TryLater
from api.refused import claim
from api.service import Service, ServiceOf
from api.web.pages import page

router = APIRouter(include_in_schema=False)


class _CookieOf(TypedDict):
    path: str
    httponly: bool
    samesite: Literal["lax"]
    secure: bool


Typed = Annotated[str, Form(max_length=500)]
Wanted = Annotated[str | None, Query(alias="next", max_length=300)]
WantedByForm = Annotated[str | None, Form(alias="next", max_length=300)]
_QUEUE = "/queue"


@router.get("/sign-in")
def sign_in(request: Request, service: ServiceOf, wanted: Wanted = None) -> Response:
    """Show the form."""
    return _form(request, service, wanted)


@router.post("/sign-in")
def take_password(
    request: Request,
    service: ServiceOf,
    signing: SigningInOf,
    identity: IdentityOf,
    login: Typed = "",
    password: Typed = "",
    wanted: WantedByForm = None,
) -> Response:
    """Take login and password; the second factor is asked next."""
    try:
        opened = signing.with_password(login, password, sender_address(request))
    except SignInRefused as refused:
        _claimed(request, service, login)
        return _form(request, service, wanted, refused, login)
    if identity.session_token:
        signing.end(identity.session_token)
    return _onwards(request, opened, wanted)


@router.get("/sign-in/code")
def ask_code(request: Request, identity: IdentityOf, wanted: Wanted = None) -> Response:
    """Show the form of the second factor."""
    if identity.stage != "code":
        return RedirectResponse("/sign-in", 303)
    return page(request, "sign_in_code.html", wanted=wanted or "", wrong=None)


@router.post("/sign-in/code")
def take_code(
    request: Request, signing: SigningInOf, identity: IdentityOf, code: Typed = "", wanted: WantedByForm = None
) -> Response:
    """Take the second factor."""
    if identity.stage != "code" or identity.session_token is None:
        return RedirectResponse("/sign-in", 303)
    try:
        opened = signing.with_code(identity.session_token, code, sender_address(request))
    except SignInRefused as refused:
        if (user := signing.known(identity.session_token)) is not None:
            claim(request, "user", user.user_id)
        answered = page(request, "sign_in_code.html", _status(refused), wanted=wanted or "", wrong=str(refused))
        return _later(answered, refused)
    return _onwards(request, opened, wanted)


@router.get("/sign-in/password")
def ask_first_password(request: Request) -> Response:
    """Show the form for a first password. The code comes behind `#`, which a browser does not send."""
    return page(request, "sign_in_password.html", wrong=None)


@router.post("/sign-in/password")
def take_first_password(request: Request, signing: SigningInOf, code: Typed = "", password: Typed = "") -> Response:
    """Set a password by a one-time code; then one signs in with it."""
    try:
        signing.set_first_password(code, password, sender_address(request))
    except (SignInRefused, WeakPassword) as refused:
        return page(request, "sign_in_password.html", 422, wrong=str(refused))
    return RedirectResponse("/sign-in", 303)


@router.get("/sign-in/with/{provider}")
def go_elsewhere(request: Request, service: ServiceOf, provider: str) -> Response:
    """Go to a practice's own sign-on."""
    try:
        begun = _sign_on(request, service).begin(provider, _return_address(request, service))
    except SignOnFailed as failed:
        return _form(request, service, None, failed)
    response = RedirectResponse(begun.address, 303)
    # Lax, for the return comes from the other site; it is good for this one sign-in only.
    response.set_cookie(
        _flow(request, service), begun.browser_token, max_age=int(WAIT.total_seconds()), **_of_flow(request, service)
    )
    return response


@router.get("/sign-in/return")
def come_back(request: Request, service: ServiceOf) -> Response:
    """Take the return of a practice's own sign-on."""
    returned = dict(request.query_params)
    try:
        opened = _sign_on(request, service).finish(
            returned, request.cookies.get(_flow(request, service), ""), _return_address(request, service)
        )
    except (SignOnFailed, SignInRefused) as failed:
        response = _form(request, service, None, failed)
    else:
        # A strict cookie is not sent on what another site set going: this page of ours begins anew.
        response = page(request, "sign_in_done.html", onwards="/")
        set_cookie(response, request.headers.get("host", ""), opened.token)
    response.delete_cookie(_flow(request, service), **_of_flow(request, service))
    return response


@router.post("/sign-out", dependencies=[needs("account.own")])
def sign_out(request: Request, signing: SigningInOf, identity: IdentityOf) -> Response:
    """End this session."""
    if identity.session_token:
        signing.end(identity.session_token)
    return _signed_out(request)


@router.post("/sign-out/everywhere", dependencies=[needs("account.own")])
def sign_out_everywhere(request: Request, signing: SigningInOf, identity: IdentityOf) -> Response:
    """End every session of who asks."""
    if identity.principal is not None and identity.principal.kind == "user":
        signing.end_everywhere(identity.principal.id)
    return _signed_out(request)


def _claimed(request: Request, service: Service, login: str) -> None:
    """Leave for the audit trail who was tried: a user that there is, never what was typed."""
    with service.office.records.reading() as repository:
        user = repository.access.by_login(login.strip().lower())
    if user is not None:
        claim(request, "user", user.user_id)


def _signed_out(request: Request) -> Response:
    response = RedirectResponse("/sign-in", 303, {"clear-site-data": '"cache", "storage"'})
    drop_cookie(response, request.headers.get("host", ""))
    return response


def _form(
    request: Request, service: Service, wanted: str | None, wrong: Exception | None = None, login: str = ""
) -> Response:
    answered = page(
        request,
        "sign_in.html",
        200 if wrong is None else _status(wrong),
        wanted=wanted or "",
        wrong=None if wrong is None else str(wrong),
        login=login,
        providers=service.settings.access.providers,
    )
    return _later(answered, wrong)


def _onwards(request: Request, opened: Opened, wanted: str | None) -> Response:
    if opened.stage == "code":
        after = page_after(wanted, "")
        leads = f"/sign-in/code?next={after}" if after else "/sign-in/code"
    else:
        leads = "/account/second-factor" if opened.stage == "enrol" else page_after(wanted, "/")
    response = RedirectResponse(leads, 303)
    set_cookie(response, request.headers.get("host", ""), opened.token)
    return response


def _status(refused: Exception) -> int:
    if isinstance(refused, TryLater):
        return 429
    return 502 if isinstance(refused, SignOnFailed) else 401


def _later(response: Response, refused: Exception | None) -> Response:
    if isinstance(refused, TryLater):
        response.headers["retry-after"] = str(refused.seconds)
    return response


def _sign_on(request: Request, service: Service) -> SignOn:
    office = service.office
    transport = getattr(request.app.state, "sign_on_transport", None)
    return SignOn(office.records, office.clock, service.settings.access, transport)


def _flow(request: Request, service: Service) -> str:
    """Name the cookie of a sign-in elsewhere: over TLS none that a neighbouring site could set (`__Host-`)."""
    secure = _return_address(request, service).startswith("https://")
    return "__Host-overturn-sign-on" if secure else "overturn-sign-on"


def _of_flow(request: Request, service: Service) -> _CookieOf:
    secure = _return_address(request, service).startswith("https://")
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": secure}


def _return_address(request: Request, service: Service) -> str:
    address = own_address(request, service.settings.access)
    return f"{address or 'https://' + request.headers.get('host', '')}/sign-in/return"
