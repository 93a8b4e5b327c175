"""From a request's headers to who sends it: the server's key, a client's token, or a browser's session."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from agent.office import Office
from api.access.clients import principal_by_token
from api.access.principal import DEMO_VISITOR, KEY_HOLDER, Principal, with_role
from api.access.sessions import cookie_name, held, worth_noting
from api.access.tokens import hash_of, page_token, same
from api.problems import ProblemError
from api.settings import Settings
from knowledge.records.access import SessionStage

_HOW = "sign in, or send the key as `Authorization: Bearer KEY` or `X-API-Key: KEY`, or a token from /oauth/token"


@dataclass(frozen=True)
class Identity:
    """Who sends a request. `session_token` is set for a browser that signed in; `stage` is how far it got.

    `page_token` is what its pages send with every change (api/access/forgery.py).
    """

    principal: Principal | None = None
    session_token: str | None = None
    stage: SessionStage | None = None

    @property
    def page_token(self) -> str:
        """Give the token of this session's pages; blank without a session."""
        return page_token(self.session_token) if self.session_token else ""


NOBODY = Identity()


def authenticate(settings: Settings, office: Office | None, headers: Headers) -> Identity:
    """Tell who sends a request.

    Raises:
        ProblemError: `key-required`: a key or token was shown that does not hold.
    """
    if settings.api_key is None and settings.demo:
        return Identity(DEMO_VISITOR)
    shown = _shown(headers)
    if shown is not None:
        return Identity(_by_shown(settings, office, shown))
    token = cookie_parser(headers.get("cookie", "")).get(cookie_name(headers.get("host", "")))
    return _by_session(settings, office, token) if token and office is not None else NOBODY


def unauthenticated(error: str | None = None) -> ProblemError:
    """Make the answer to who shows nothing that holds (RFC 6750)."""
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    return ProblemError("key-required", _HOW, headers={"www-authenticate": challenge})


def claimed_by(office: Office | None, headers: Headers) -> str | None:
    """Give the client whose token, ended by now, a request shows."""
    shown = _shown(headers)
    if not shown or office is None:
        return None
    with office.records.reading() as repository:
        token = repository.clients.token(hash_of(shown))
    return None if token is None else token.client_id


def _shown(headers: Headers) -> str | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else headers.get("x-api-key")


def _by_shown(settings: Settings, office: Office | None, shown: str) -> Principal:
    if settings.api_key is not None and same(shown, settings.api_key):
        return KEY_HOLDER
    if office is not None and shown:
        with office.records.reading() as repository:
            found = principal_by_token(repository, shown, office.clock())
        if found is not None:
            return found
    raise unauthenticated("invalid_token")


def _by_session(settings: Settings, office: Office, token: str) -> Identity:
    now = office.clock()
    with office.records.reading() as repository:
        found = held(repository, token, now, settings.access.limits)
    if found is None:
        return NOBODY
    if found.session.stage == "code":
        return Identity(None, token, "code")
    if worth_noting(found.session, now):
        with office.records.transaction() as repository:
            repository.access.see_session(found.session.token_hash, now)
    user = found.user
    if found.session.stage == "enrol":
        principal = Principal(user.user_id, "user", user.name, user.role, frozenset(("account.own",)), user.practices)
    else:
        principal = with_role(user.user_id, "user", user.name, user.role, user.practices)
    return Identity(principal, token, found.session.stage)
