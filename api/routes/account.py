"""One's own account: password, second factor, recovery codes, where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access import passwords, second_factor
from api.access.at_door import IdentityOf, SigningInOf, sender_address
from api.access.authenticating import Identity
from api.access.needs import needs
from api.access.own_account import OwnAccount
from api.access.sessions import set_cookie
from api.access.signing_in import SigningIn, SignInRefused
from api.problems import ProblemError
from api.web.pages import page
from knowledge.records.access import User

router = APIRouter(include_in_schema=False, dependencies=[needs("account.own")])

Typed = Annotated[str, Form(max_length=500)]


@router.get("/account")
def account(request: Request, signing: SigningInOf, identity: IdentityOf) -> Response:
    """Show one's account."""
    return _account(request, signing, identity)


@router.post("/account/password")
def change_password(
    request: Request, signing: SigningInOf, identity: IdentityOf, present: Typed = "", password: Typed = ""
) -> Response:
    """Change one's password; every other session ends."""
    user = _user(signing, identity)
    try:
        signing.confirm(user, present, sender_address(request))
        opened = OwnAccount(signing).set_password(user, password, str(identity.session_token))
    except (SignInRefused, passwords.WeakPassword) as refused:
        return _account(request, signing, identity, str(refused))
    response = RedirectResponse("/account?done=password", 303)
    set_cookie(response, request.headers.get("host", ""), opened.token)
    return response


@router.post("/account/recovery-codes")
def new_recovery_codes(request: Request, signing: SigningInOf, identity: IdentityOf, present: Typed = "") -> Response:
    """Make new recovery codes and show them, once; those before do not hold any more."""
    user = _user(signing, identity)
    try:
        signing.confirm(user, present, sender_address(request))
    except SignInRefused as refused:
        return _account(request, signing, identity, str(refused))
    if user.totp_since is None:
        return RedirectResponse("/account/second-factor", 303)
    return page(request, "recovery_codes.html", codes=OwnAccount(signing).new_recovery_codes(user))


@router.get("/account/second-factor")
def set_up(request: Request, signing: SigningInOf, identity: IdentityOf) -> Response:
    """Show what an authenticator needs, until the first code was right."""
    user = _user(signing, identity)
    if user.totp_since is not None:
        return RedirectResponse("/account", 303)
    return _set_up(request, signing, user)


@router.get("/account/second-factor/picture.svg")
def picture(signing: SigningInOf, identity: IdentityOf) -> Response:
    """Draw what an authenticator reads; never again once it is in use."""
    user = _user(signing, identity)
    if user.totp_since is not None or user.totp_secret is None:
        raise ProblemError("not-found", "the second factor is set up already, or not begun")
    return Response(second_factor.picture(user.totp_secret, user.login), media_type="image/svg+xml")


@router.post("/account/second-factor")
def confirm_set_up(request: Request, signing: SigningInOf, identity: IdentityOf, code: Typed = "") -> Response:
    """Take the first code: from now on it is asked at every sign-in."""
    user = _user(signing, identity)
    try:
        opened, codes = OwnAccount(signing).confirm_second_factor(
            user, code, str(identity.session_token), sender_address(request)
        )
    except SignInRefused as refused:
        return _set_up(request, signing, user, str(refused))
    response = page(request, "recovery_codes.html", codes=codes)
    set_cookie(response, request.headers.get("host", ""), opened.token)
    return response


@router.post("/account/second-factor/anew")
def begin_anew(
    request: Request, signing: SigningInOf, identity: IdentityOf, present: Typed = "", code: Typed = ""
) -> Response:
    """Take the second factor away and set up another: asked for the password and a code of the present one."""
    user = _user(signing, identity)
    try:
        signing.confirm(user, present, sender_address(request))
        opened = OwnAccount(signing).drop_second_factor(
            user, code, str(identity.session_token), sender_address(request)
        )
    except SignInRefused as refused:
        return _account(request, signing, identity, str(refused))
    response = RedirectResponse("/account/second-factor", 303)
    set_cookie(response, request.headers.get("host", ""), opened.token)
    return response


def _account(request: Request, signing: SigningIn, identity: Identity, wrong: str | None = None) -> Response:
    status = 200 if wrong is None else 422
    if identity.session_token is None:
        return page(request, "account.html", status, user=None, wrong=wrong)
    user = _user(signing, identity)
    with signing.records.reading() as repository:
        sessions = [each for each in repository.access.sessions_of(user.user_id) if each.stage != "code"]
        left = repository.access.recovery_codes_left(user.user_id)
        practices = [
            practice.name
            for practice_id in repository.files.practice_ids()
            if (user.practices is None or practice_id in user.practices)
            and (practice := repository.files.practice(practice_id)) is not None
        ]
    done = request.query_params.get("done") == "password"
    return page(
        request,
        "account.html",
        status,
        user=user,
        wrong=wrong,
        sessions=sessions,
        codes_left=left,
        practices=practices,
        done=done,
        limits=signing.settings.limits,
    )


def _set_up(request: Request, signing: SigningIn, user: User, wrong: str | None = None) -> Response:
    secret = OwnAccount(signing).pending_secret(user)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    status = 200 if wrong is None else 422
    return page(request, "second_factor.html", status, secret=groups, wrong=wrong)


def _user(signing: SigningIn, identity: Identity) -> User:
    principal = identity.principal
    if principal is not None and identity.session_token is not None:
        with signing.records.reading() as repository:
            user = repository.access.user(principal.id)
        if user is not None:
            return user
    raise ProblemError("not-found", "this belongs to people who sign in; a key or the demo has no account")
