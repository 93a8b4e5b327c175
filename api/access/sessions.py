"""Sessions of signed-in browsers: a random token in a cookie, its hash in the records, an idle and an absolute end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from api.access.lockout import FORGOTTEN_AFTER
from api.access.loopback import host_named, is_loopback
from api.access.tokens import hash_of, new_token
from knowledge.records import Repository
from knowledge.records.access import Session, SessionStage, User

CODE_WAIT = timedelta(minutes=5)
"""How long a password alone is remembered while the second factor is asked."""

_SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Limits:
    """When a session ends: unused for `idle`, and whatever happens after `absolute`."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Held:
    """A session that holds, and whose it is."""

    session: Session
    user: User


def open_session(repository: Repository, user: User, stage: SessionStage, now: datetime, limits: Limits) -> str:
    """Open a session and give its token; what time has ended goes first."""
    repository.access.clear(now, now - limits.idle, now - FORGOTTEN_AFTER)
    repository.audit.mention("signed_in", {"user": user.user_id, "stage": stage})
    token = new_token()
    lasts = CODE_WAIT if stage == "code" else limits.absolute
    repository.access.open_session(
        Session(
            token_hash=hash_of(token),
            user_id=user.user_id,
            stage=stage,
            opened_at=now,
            seen_at=now,
            ends_at=now + lasts,
        )
    )
    return token


def held(repository: Repository, token: str, now: datetime, limits: Limits) -> Held | None:
    """Give the session of a token, None when there is none or it has ended, or its user may not sign in any more."""
    session = repository.access.session(hash_of(token))
    if session is None or now >= session.ends_at or now - session.seen_at >= limits.idle:
        return None
    user = repository.access.user(session.user_id)
    return None if user is None or user.disabled_at is not None else Held(session, user)


def worth_noting(session: Session, now: datetime) -> bool:
    """Tell whether it is long enough ago that the session's use was written down."""
    return now - session.seen_at >= _SEEN_EVERY


def cookie_name(host: str) -> str:
    """Name the cookie: bound to this host and to TLS (`__Host-`), but for this machine itself, which has no TLS."""
    return "overturn" if _here(host) else "__Host-overturn"


def set_cookie(response: Response, host: str, token: str) -> None:
    """Hand a browser its session. The cookie has no end of its own: the records decide."""
    response.set_cookie(cookie_name(host), token, path="/", httponly=True, samesite="strict", secure=not _here(host))


def drop_cookie(response: Response, host: str) -> None:
    """Take a browser's session out of its hands."""
    response.delete_cookie(cookie_name(host), path="/", httponly=True, samesite="strict", secure=not _here(host))


def _here(host: str) -> bool:
    return is_loopback(host_named(host))
