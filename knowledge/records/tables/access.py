"""Tables of identity: users, what they sign in with, their sessions; clients of the API and their tokens."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class UserRow(RecordTable, table=True):
    """A user. `totp_step` is the last 30-second step whose code was taken: none of it or before is taken again."""

    __tablename__ = "access_user"

    user_id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    every_practice: bool
    created_at: datetime = Field(sa_type=Moment)
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_since: datetime | None = Field(default=None, sa_type=Moment)
    totp_step: int = Field(default=0, sa_type=BigInteger)
    subject: str | None = Field(default=None, unique=True)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class UserPracticeRow(RecordTable, table=True):
    """A practice that is a user's."""

    __tablename__ = "access_user_practice"

    user_id: str = Field(primary_key=True, foreign_key="access_user.user_id", ondelete="CASCADE")
    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id", ondelete="CASCADE")


class RecoveryCodeRow(RecordTable, table=True):
    """A code that stands in for the second factor, once: its row is gone when it was used."""

    __tablename__ = "access_recovery_code"

    user_id: str = Field(primary_key=True, foreign_key="access_user.user_id", ondelete="CASCADE")
    code_hash: str = Field(primary_key=True)


class SessionRow(RecordTable, table=True):
    """A browser that signed in."""

    __tablename__ = "access_session"

    token_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="access_user.user_id", index=True, ondelete="CASCADE")
    stage: str
    opened_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)


class FailuresRow(RecordTable, table=True):
    """Failed sign-ins, by the hash of a login or of an address."""

    __tablename__ = "access_failures"

    subject: str = Field(primary_key=True)
    count: int
    last_at: datetime = Field(sa_type=Moment)
    closed_until: datetime | None = Field(default=None, sa_type=Moment)


class LinkRow(RecordTable, table=True):
    """A one-time code to set a password with; gone when it was used."""

    __tablename__ = "access_link"

    code_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="access_user.user_id", index=True, ondelete="CASCADE")
    ends_at: datetime = Field(sa_type=Moment)


class SignOnFlowRow(RecordTable, table=True):
    """A sign-in on its way through a practice's own sign-on; gone when it came back."""

    __tablename__ = "access_sign_on"

    state_hash: str = Field(primary_key=True)
    provider: str
    browser_hash: str
    nonce: str
    verifier: str
    ends_at: datetime = Field(sa_type=Moment)


class ClientRow(RecordTable, table=True):
    """A client of the API; `scopes` are separated by spaces."""

    __tablename__ = "access_client"

    client_id: str = Field(primary_key=True)
    name: str
    scopes: str
    every_practice: bool
    created_at: datetime = Field(sa_type=Moment)
    secret_hash: str | None = None
    jwks: str | None = None
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class ClientPracticeRow(RecordTable, table=True):
    """A practice that is a client's."""

    __tablename__ = "access_client_practice"

    client_id: str = Field(primary_key=True, foreign_key="access_client.client_id", ondelete="CASCADE")
    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id", ondelete="CASCADE")


class TokenRow(RecordTable, table=True):
    """An access token, by the hash of it."""

    __tablename__ = "access_token"

    token_hash: str = Field(primary_key=True)
    client_id: str = Field(foreign_key="access_client.client_id", index=True, ondelete="CASCADE")
    scopes: str
    ends_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class AssertionRow(RecordTable, table=True):
    """A signed assertion (its `jti`) that a client showed: none counts twice."""

    __tablename__ = "access_assertion"

    client_id: str = Field(primary_key=True, foreign_key="access_client.client_id", ondelete="CASCADE")
    jti: str = Field(primary_key=True)
    ends_at: datetime = Field(sa_type=Moment)
