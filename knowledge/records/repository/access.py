"""Users and how they sign in: password, second factor, sessions, one-time links.

What may count only once (a code, a link, a flow) is taken by one statement that tells whether it was there, so that
two requests at a time cannot both take it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.sql.dml import Delete, Update
from sqlmodel import Session as DatabaseSession
from sqlmodel import col, select

from knowledge.records.access import Failures, Link, Session, SignOnFlow, User
from knowledge.records.repository.keyed import insert_all, insert_or_update
from knowledge.records.tables.access import (
    FailuresRow,
    LinkRow,
    RecoveryCodeRow,
    SessionRow,
    SignOnFlowRow,
    UserPracticeRow,
    UserRow,
)


class Access:
    """Users and their sessions, bound to one database session."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def users(self) -> tuple[User, ...]:
        """Give every user, by login."""
        rows = self._session.exec(select(UserRow).order_by(UserRow.login)).all()
        held: dict[str, set[str]] = {}
        for row in self._session.exec(select(UserPracticeRow)):
            held.setdefault(row.user_id, set()).add(row.practice_id)
        return tuple(_user(row, held.get(row.user_id, ())) for row in rows)

    def user(self, user_id: str) -> User | None:
        """Give a user by id."""
        return self._found(self._session.get(UserRow, user_id))

    def by_login(self, login: str) -> User | None:
        """Give a user by login, as it is stored (lower case)."""
        return self._found(self._session.exec(select(UserRow).where(UserRow.login == login)).first())

    def by_subject(self, subject: str) -> User | None:
        """Give a user by who they are at their practice's own sign-on."""
        return self._found(self._session.exec(select(UserRow).where(UserRow.subject == subject)).first())

    def save_user(self, user: User) -> None:
        """Write a user, new or changed."""
        values = user.model_dump(exclude={"practices"}) | {"every_practice": user.practices is None}
        insert_or_update(self._session, UserRow, values, key=["user_id"])
        self._session.execute(delete(UserPracticeRow).where(col(UserPracticeRow.user_id) == user.user_id))
        practices = sorted(user.practices or ())
        insert_all(
            self._session, UserPracticeRow, [{"user_id": user.user_id, "practice_id": each} for each in practices]
        )
        self._session.expire_all()

    def take_step(self, user_id: str, step: int) -> bool:
        """Take a TOTP step. False when it, or a later one, was taken before."""
        statement = update(UserRow).where(col(UserRow.user_id) == user_id, col(UserRow.totp_step) < step)
        return self._did(statement.values(totp_step=step))

    def set_recovery_codes(self, user_id: str, hashes: Iterable[str]) -> None:
        """Put these recovery codes in the place of all before."""
        self._session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.user_id) == user_id))
        insert_all(self._session, RecoveryCodeRow, [{"user_id": user_id, "code_hash": each} for each in hashes])

    def recovery_codes_left(self, user_id: str) -> int:
        """Count the recovery codes that were not used."""
        return len(self._session.exec(select(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id)).all())

    def take_recovery_code(self, user_id: str, code_hash: str) -> bool:
        """Use a recovery code up. False when there is none such."""
        return self._did(
            delete(RecoveryCodeRow).where(
                col(RecoveryCodeRow.user_id) == user_id, col(RecoveryCodeRow.code_hash) == code_hash
            )
        )

    def open_session(self, session: Session) -> None:
        """Store a session."""
        insert_all(self._session, SessionRow, [session.model_dump()])

    def session(self, token_hash: str) -> Session | None:
        """Give a session by its token's hash, ended by time or not."""
        row = self._session.get(SessionRow, token_hash)
        return None if row is None else Session.model_validate(row.model_dump())

    def sessions_of(self, user_id: str) -> tuple[Session, ...]:
        """Give a user's sessions, the last seen first."""
        wanted = select(SessionRow).where(SessionRow.user_id == user_id).order_by(col(SessionRow.seen_at).desc())
        return tuple(Session.model_validate(row.model_dump()) for row in self._session.exec(wanted))

    def see_session(self, token_hash: str, now: datetime) -> None:
        """Note that a session was used."""
        self._session.execute(update(SessionRow).where(col(SessionRow.token_hash) == token_hash).values(seen_at=now))

    def end_session(self, token_hash: str) -> bool:
        """End one session. False when it was ended before."""
        return self._did(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))

    def end_sessions(self, user_id: str) -> None:
        """End every session of a user, and take back their one-time links."""
        self._session.execute(delete(SessionRow).where(col(SessionRow.user_id) == user_id))
        self._session.execute(delete(LinkRow).where(col(LinkRow.user_id) == user_id))

    def failures(self, subject: str) -> Failures | None:
        """Give the failed sign-ins of a login or address."""
        row = self._session.get(FailuresRow, subject)
        return None if row is None else Failures.model_validate(row.model_dump())

    def save_failures(self, failures: Failures) -> None:
        """Write the failed sign-ins of a login or address."""
        insert_or_update(self._session, FailuresRow, failures.model_dump(), key=["subject"])
        self._session.expire_all()

    def forget_failures(self, subject: str) -> None:
        """Forget the failed sign-ins of a login or address."""
        self._session.execute(delete(FailuresRow).where(col(FailuresRow.subject) == subject))

    def add_link(self, link: Link) -> None:
        """Store a one-time link."""
        insert_all(self._session, LinkRow, [link.model_dump()])

    def take_link(self, code_hash: str, now: datetime) -> str | None:
        """Use a one-time link up and give whose it was; None when it is not there or too old."""
        row = self._session.get(LinkRow, code_hash)
        if row is None or row.ends_at <= now:
            return None
        user_id = row.user_id
        return user_id if self._did(delete(LinkRow).where(col(LinkRow.code_hash) == code_hash)) else None

    def begin_sign_on(self, flow: SignOnFlow) -> None:
        """Store a sign-in that goes to a practice's own sign-on."""
        insert_all(self._session, SignOnFlowRow, [flow.model_dump()])

    def take_sign_on(self, state_hash: str, now: datetime) -> SignOnFlow | None:
        """Take a sign-in that comes back, once; None when it is not there or too old."""
        row = self._session.get(SignOnFlowRow, state_hash)
        if row is None:
            return None
        flow = SignOnFlow.model_validate(row.model_dump())
        taken = self._did(delete(SignOnFlowRow).where(col(SignOnFlowRow.state_hash) == state_hash))
        return flow if taken and flow.ends_at > now else None

    def clear(self, now: datetime, idle_since: datetime, failed_before: datetime) -> None:
        """Remove what time has ended: sessions, links, flows, old failures."""
        ended = (col(SessionRow.ends_at) <= now) | (col(SessionRow.seen_at) <= idle_since)
        self._session.execute(delete(SessionRow).where(ended))
        self._session.execute(delete(LinkRow).where(col(LinkRow.ends_at) <= now))
        self._session.execute(delete(SignOnFlowRow).where(col(SignOnFlowRow.ends_at) <= now))
        self._session.execute(delete(FailuresRow).where(col(FailuresRow.last_at) <= failed_before))

    def _found(self, row: UserRow | None) -> User | None:
        if row is None:
            return None
        wanted = select(UserPracticeRow.practice_id).where(UserPracticeRow.user_id == row.user_id)
        return _user(row, self._session.exec(wanted).all())

    def _did(self, statement: Update | Delete) -> bool:
        result = self._session.execute(statement, execution_options={"synchronize_session": False})
        return cast("CursorResult[Any]", result).rowcount == 1


def _user(row: UserRow, practices: Iterable[str]) -> User:
    values = row.model_dump(exclude={"every_practice", "totp_step"})
    return User.model_validate({**values, "practices": None if row.every_practice else frozenset(practices)})
