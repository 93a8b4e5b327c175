"""What a signed-in user changes about how they sign in. Each gives a new session token; others of theirs end."""

from dataclasses import dataclass

from api.access import passwords, second_factor
from api.access.lockout import closed_for, note_failure, note_success
from api.access.sessions import open_session
from api.access.signing_in import Opened, SigningIn, SignInRefused, TryLater
from api.access.tokens import hash_of
from knowledge.records import Repository
from knowledge.records.access import SessionStage, User


@dataclass(frozen=True)
class OwnAccount:
    """Changes to one's own account; who asks has signed in."""

    signing: SigningIn

    def set_password(self, user: User, password: str, token: str) -> Opened:
        """Change the password.

        Raises:
            WeakPassword: it may not be.
        """
        passwords.check_strength(password, user.login, user.name)
        stored = passwords.hashed(password)
        with self.signing.records.transaction() as repository:
            stage = self._stage(repository, token)
            repository.access.save_user(user.model_copy(update={"password_hash": stored}))
            return self._anew(repository, user, stage)

    def new_recovery_codes(self, user: User) -> tuple[str, ...]:
        """Make recovery codes in the place of those before."""
        codes = second_factor.new_recovery_codes()
        with self.signing.records.transaction() as repository:
            repository.access.set_recovery_codes(
                user.user_id, [second_factor.recovery_hash(user.user_id, code) for code in codes]
            )
        return codes

    def pending_secret(self, user: User) -> str:
        """Give the secret to set an authenticator up with; made when there is none. It is not in use yet."""
        if user.totp_secret is not None:
            return user.totp_secret
        secret = second_factor.new_secret()
        with self.signing.records.transaction() as repository:
            found = repository.access.user(user.user_id) or user
            if found.totp_secret is not None:
                return found.totp_secret
            repository.access.save_user(found.model_copy(update={"totp_secret": secret}))
        return secret

    def confirm_second_factor(self, user: User, code: str, token: str, address: str) -> tuple[Opened, tuple[str, ...]]:
        """Take the authenticator's first code, and give recovery codes.

        Raises:
            TryLater: too many failures before.
            SignInRefused: the code is not right, or a second factor is in use already.
        """
        now = self.signing.clock()
        codes = second_factor.new_recovery_codes()
        with self.signing.records.transaction() as repository:
            wait = closed_for(repository, user.login, address, now)
            secret = user.totp_secret if user.totp_since is None else None
            step = None if secret is None or wait else second_factor.step_of(secret, code, now.timestamp())
            if step is not None and repository.access.take_step(user.user_id, step):
                repository.access.save_user(user.model_copy(update={"totp_since": now}))
                hashes = [second_factor.recovery_hash(user.user_id, each) for each in codes]
                repository.access.set_recovery_codes(user.user_id, hashes)
                note_success(repository, user.login, address)
                return self._anew(repository, user, "full"), codes
            note_failure(repository, user.login, address, now)
        raise TryLater(wait) if wait else SignInRefused("the code is not right: is the phone's clock?")

    def drop_second_factor(self, user: User, code: str, token: str, address: str) -> Opened:
        """Take the second factor away, to set up another.

        Raises:
            TryLater: too many failures before.
            SignInRefused: the code of the present one is not right.
        """
        now = self.signing.clock()
        with self.signing.records.transaction() as repository:
            wait = closed_for(repository, user.login, address, now)
            if not wait and self.signing.takes_code(repository, user, code, now):
                fresh = {"totp_secret": second_factor.new_secret(), "totp_since": None}
                repository.access.save_user(user.model_copy(update=fresh))
                repository.access.set_recovery_codes(user.user_id, ())
                return self._anew(repository, user, "enrol")
            note_failure(repository, user.login, address, now)
        raise TryLater(wait) if wait else SignInRefused("the code is not right, or was used before")

    def _stage(self, repository: Repository, token: str) -> SessionStage:
        found = repository.access.session(hash_of(token))
        return found.stage if found is not None else "full"

    def _anew(self, repository: Repository, user: User, stage: SessionStage) -> Opened:
        repository.access.end_sessions(user.user_id)
        token = open_session(repository, user, stage, self.signing.clock(), self.signing.settings.limits)
        return Opened(token, stage)
