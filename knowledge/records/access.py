"""Values of identity: users, clients of the API, their sessions and tokens. Secrets stand here as hashes only.

The one exception is a user's TOTP secret, which must be read to check a code: encrypt the records.
"""

from typing import Literal

from pydantic import AwareDatetime

from knowledge.types.practice import Frozen

AccessRole = Literal["biller", "coder", "clinician", "manager", "administrator", "service"]
"""What a user or client is let to do; `service` is for clients only."""

SessionStage = Literal["code", "enrol", "full"]
"""`code`: the password was right, the second factor is asked. `enrol`: a second factor must be set up. `full`: in."""


class User(Frozen):
    """A person who signs in. `practices` None = every practice of the home.

    `password_hash` None: no password was set yet (or never, with the practice's own sign-on). `totp_secret` holds once
    `totp_since` says when the first code was right. `subject` is `issuer|sub` of the practice's own sign-on.
    """

    user_id: str
    login: str
    name: str
    role: AccessRole
    practices: frozenset[str] | None
    created_at: AwareDatetime
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_since: AwareDatetime | None = None
    subject: str | None = None
    disabled_at: AwareDatetime | None = None


class Session(Frozen):
    """A browser that signed in. `token_hash` is the SHA-256 of the cookie's token."""

    token_hash: str
    user_id: str
    stage: SessionStage
    opened_at: AwareDatetime
    seen_at: AwareDatetime
    ends_at: AwareDatetime


class Failures(Frozen):
    """Failed sign-ins of one user or address (`subject` is a hash). Until `closed_until` none is looked at."""

    subject: str
    count: int
    last_at: AwareDatetime
    closed_until: AwareDatetime | None = None


class Link(Frozen):
    """A one-time code to set a password with."""

    code_hash: str
    user_id: str
    ends_at: AwareDatetime


class SignOnFlow(Frozen):
    """A sign-in on its way through a practice's own sign-on: what its return is held against, once."""

    state_hash: str
    provider: str
    browser_hash: str
    nonce: str
    verifier: str
    ends_at: AwareDatetime


class Client(Frozen):
    """A program that calls the API. It shows a secret, or signs with a key of `jwks` (a JWK set, public keys only)."""

    client_id: str
    name: str
    scopes: frozenset[str]
    practices: frozenset[str] | None
    created_at: AwareDatetime
    secret_hash: str | None = None
    jwks: str | None = None
    disabled_at: AwareDatetime | None = None


class Token(Frozen):
    """An access token given to a client. It holds until `ends_at`, unless it was revoked."""

    token_hash: str
    client_id: str
    scopes: frozenset[str]
    ends_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
