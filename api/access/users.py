"""Users as those who manage them see them: added, changed, reset, disabled. Any such change ends their sessions."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.access import passwords
from api.access.lockout import note_success
from api.access.principal import Principal
from api.access.tokens import hash_of, new_id, new_token
from knowledge.records import Records, Repository
from knowledge.records.access import AccessRole, Link, User

LINK_LASTS = timedelta(hours=24)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{1,99}")


class UserRefused(ValueError):
    """A user cannot be made or changed so; the message says why."""


@dataclass(frozen=True)
class Users:
    """The users one may manage: `by` None = all (the command line), else those whose practices are all one's own."""

    records: Records
    clock: Callable[[], datetime]
    by: Principal | None = None

    def all(self) -> tuple[User, ...]:
        """Give the users, by login."""
        with self.records.reading() as repository:
            return tuple(user for user in repository.access.users() if self._mine(user.practices))

    def find(self, login_or_id: str) -> User:
        """Give one user by login or id.

        Raises:
            UserRefused: there is none among those one may manage.
        """
        with self.records.reading() as repository:
            return self._known(repository, login_or_id)

    def add(
        self,
        login: str,
        name: str,
        role: AccessRole,
        practices: Collection[str] | None,
        password: str | None = None,
    ) -> tuple[User, str | None]:
        """Add a user, with a password or (without one) a one-time code to set it with, good for a day.

        Raises:
            UserRefused: the login is taken or cannot be, the role is none of a person, a practice is not there.
            WeakPassword: the password may not be.
        """
        login, name = login.strip().lower(), " ".join(name.split())
        if not _LOGIN.fullmatch(login):
            raise UserRefused("a login is an address or name of 2 to 100 letters, digits and . _ + @ -")
        if not 1 <= len(name) <= 100:
            raise UserRefused("a name has 1 to 100 characters: it stands under every decision")
        stored = None
        if password is not None:
            passwords.check_strength(password, login, name)
            stored = passwords.hashed(password)
        user = User(
            user_id=new_id("usr"),
            login=login,
            name=name,
            role=role,
            practices=None if practices is None else frozenset(practices),
            created_at=self.clock(),
            password_hash=stored,
        )
        with self.records.transaction() as repository:
            self._may_be(repository, user)
            if repository.access.by_login(login) is not None:
                raise UserRefused(f"the login {login} is taken")
            repository.access.save_user(user)
            return user, None if stored else self._link(repository, user)

    def change(self, user_id: str, role: AccessRole, practices: Collection[str] | None) -> User:
        """Give a user another role or other practices; they must sign in again.

        Raises:
            UserRefused: it may not be, or nobody would be left to manage users.
        """
        values = {"role": role, "practices": None if practices is None else frozenset(practices)}
        return self._changed(user_id, values)

    def disable(self, user_id: str) -> User:
        """Keep a user from signing in, from now on.

        Raises:
            UserRefused: it may not be, or nobody would be left to manage users.
        """
        return self._changed(user_id, {"disabled_at": self.clock()})

    def enable(self, user_id: str) -> User:
        """Let a user sign in again.

        Raises:
            UserRefused: there is none such.
        """
        return self._changed(user_id, {"disabled_at": None})

    def reset(self, user_id: str) -> tuple[User, str]:
        """Take a user's password and second factor away and give a one-time code to begin anew with.

        Raises:
            UserRefused: there is none such.
        """
        values = {"password_hash": None, "totp_secret": None, "totp_since": None}
        user = self._changed(user_id, values)
        with self.records.transaction() as repository:
            repository.access.set_recovery_codes(user.user_id, ())
            note_success(repository, user.login)
            return user, self._link(repository, user)

    def _changed(self, user_id: str, values: dict[str, Any]) -> User:
        with self.records.transaction() as repository:
            before = self._known(repository, user_id)
            user = before.model_copy(update=values)
            self._may_be(repository, user)
            repository.access.save_user(user)
            # A session was given for what its user was; the new role begins with a new one.
            repository.access.end_sessions(user.user_id)
            _somebody_is_left(repository, before)
        return user

    def _link(self, repository: Repository, user: User) -> str:
        code = new_token()
        repository.access.add_link(
            Link(code_hash=hash_of(code), user_id=user.user_id, ends_at=self.clock() + LINK_LASTS)
        )
        return code

    def _known(self, repository: Repository, login_or_id: str) -> User:
        found = repository.access.user(login_or_id) or repository.access.by_login(login_or_id.strip().lower())
        if found is None or not self._mine(found.practices):
            raise UserRefused(f"there is no user {login_or_id}")
        return found

    def _mine(self, practices: frozenset[str] | None) -> bool:
        if self.by is None or self.by.practices is None:
            return True
        return practices is not None and practices <= self.by.practices

    def _may_be(self, repository: Repository, user: User) -> None:
        if user.role == "service":
            raise UserRefused("the role service is for clients of the API, not for people")
        if user.practices is not None:
            if not user.practices:
                raise UserRefused("name at least one practice")
            unknown = user.practices - set(repository.files.practice_ids())
            if unknown:
                raise UserRefused(f"there is no practice {', '.join(sorted(unknown))}")
        if not self._mine(user.practices):
            raise UserRefused("a practice is not yours to give")


def _somebody_is_left(repository: Repository, before: User) -> None:
    """Refuse to take the last administrator away; an error here undoes the change."""
    if before.role != "administrator" or before.disabled_at is not None:
        return
    active = (user for user in repository.access.users() if user.disabled_at is None)
    if not any(user.role == "administrator" for user in active):
        raise UserRefused(f"{before.login} is the last administrator: add another first")
