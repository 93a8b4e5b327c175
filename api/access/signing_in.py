"""Signing in: password, then second factor, each step slowed down after failures; a new token at every step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.access import passwords, second_factor
from api.access.lockout import closed_for, note_failure, note_success
from api.access.sessions import Held, held, open_session
from api.access.settings import AccessSettings
from api.access.tokens import hash_of
from knowledge.records import Records, Repository
from knowledge.records.access import SessionStage, User


class SignInRefused(Exception):
    """The sign-in does not hold; why is not said to whoever tries."""


class TryLater(SignInRefused):
    """Too many failures: nothing is looked at for `seconds`."""

    def __init__(self, seconds: int) -> None:
        """Say for how long."""
        super().__init__(f"too many failed sign-ins: try again in {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True)
class Opened:
    """A session was opened: its token, and what is to follow."""

    token: str
    stage: SessionStage


@dataclass(frozen=True)
class SigningIn:
    """What signing in works with."""

    records: Records
    clock: Callable[[], datetime]
    settings: AccessSettings

    def with_password(self, login: str, password: str, address: str) -> Opened:
        """Take a login and password; `address` is where they come from.

        Raises:
            TryLater: too many failures before.
            SignInRefused: there is no such user, it is disabled, or the password is another.
        """
        login = login.strip().lower()
        now = self.clock()
        with self.records.reading() as repository:
            _not_closed(repository, login, address, now)
            user = repository.access.by_login(login)
        active = user if user is not None and user.disabled_at is None else None
        right = passwords.matches(active.password_hash if active else None, password)
        with self.records.transaction() as repository:
            # Looked at again: others may have failed while this hash was computed.
            wait = closed_for(repository, login, address, now)
            if not wait and right and active is not None:
                return self._after_password(repository, active, password, address, now)
            note_failure(repository, login, address, now)
        raise TryLater(wait) if wait else SignInRefused("no such login and password")

    def with_code(self, token: str, code: str, address: str) -> Opened:
        """Take the second factor: an authenticator's code, or a recovery code.

        Raises:
            TryLater: too many failures before.
            SignInRefused: the code is not right or was used before, or the password was too long ago.
        """
        now = self.clock()
        with self.records.transaction() as repository:
            found = held(repository, token, now, self.settings.limits)
            if found is None or found.session.stage != "code":
                raise SignInRefused("the password was too long ago: begin again")
            login = found.user.login
            wait = closed_for(repository, login, address, now)
            if not wait and self.takes_code(repository, found.user, code, now):
                note_success(repository, login, address)
                return self.rotate(repository, found, "full", now)
            note_failure(repository, login, address, now)
        raise TryLater(wait) if wait else SignInRefused("the code is not right, or was used before")

    def known(self, token: str) -> User | None:
        """Give whose session a token is of; None when it has ended."""
        with self.records.reading() as repository:
            found = held(repository, token, self.clock(), self.settings.limits)
        return None if found is None else found.user

    def takes_code(self, repository: Repository, user: User, code: str, now: datetime) -> bool:
        """Take a code of a user's authenticator, or one of their recovery codes; each once."""
        if user.totp_secret is None or user.totp_since is None:
            return False
        step = second_factor.step_of(user.totp_secret, code, now.timestamp())
        if step is not None:
            return repository.access.take_step(user.user_id, step)
        return repository.access.take_recovery_code(user.user_id, second_factor.recovery_hash(user.user_id, code))

    def rotate(self, repository: Repository, found: Held, stage: SessionStage, now: datetime) -> Opened:
        """Put a new session in the place of one; the old token is dead."""
        repository.access.end_session(found.session.token_hash)
        return Opened(open_session(repository, found.user, stage, now, self.settings.limits), stage)

    def confirm(self, user: User, password: str, address: str) -> None:
        """Ask a signed-in user for their password again, before something that a stolen session may not do.

        Raises:
            TryLater, SignInRefused: as when signing in.
        """
        now = self.clock()
        with self.records.reading() as repository:
            _not_closed(repository, user.login, address, now)
        if not passwords.matches(user.password_hash, password):
            with self.records.transaction() as repository:
                note_failure(repository, user.login, address, now)
            raise SignInRefused("the password is another")

    def set_first_password(self, code: str, password: str, address: str) -> None:
        """Set a password with the code of a one-time link; the link is used up, and every session ends.

        Nothing is hashed for a code that does not hold: that work is what a flood of them would be after.

        Raises:
            SignInRefused: the code was used, is too old, or never was.
            WeakPassword: the password may not be set; the link still holds.
        """
        now = self.clock()
        passwords.check_strength(password)
        with self.records.transaction() as repository:
            user_id = repository.access.take_link(hash_of(code.strip()), now)
            user = None if user_id is None else repository.access.user(user_id)
            if user is not None:
                passwords.check_strength(password, user.login, user.name)
                stored = passwords.hashed(password)
                repository.access.save_user(user.model_copy(update={"password_hash": stored}))
                repository.access.end_sessions(user.user_id)
                note_success(repository, user.login, address)
        if user is None:
            raise SignInRefused("the code was used before, or is too old: ask for a new one")

    def end(self, token: str) -> None:
        """Sign out."""
        with self.records.transaction() as repository:
            repository.access.end_session(hash_of(token))

    def end_everywhere(self, user_id: str) -> None:
        """Sign out wherever a user is signed in."""
        with self.records.transaction() as repository:
            repository.access.end_sessions(user_id)

    def _after_password(self, repository: Repository, user: User, password: str, address: str, now: datetime) -> Opened:
        if user.password_hash is not None and passwords.outdated(user.password_hash):
            repository.access.save_user(user.model_copy(update={"password_hash": passwords.hashed(password)}))
        if user.totp_since is not None:
            stage: SessionStage = "code"
        else:
            stage = "enrol" if self.settings.second_factor_required else "full"
            note_success(repository, user.login, address)
        return Opened(open_session(repository, user, stage, now, self.settings.limits), stage)


def _not_closed(repository: Repository, login: str, address: str, now: datetime) -> None:
    if wait := closed_for(repository, login, address, now):
        raise TryLater(wait)
