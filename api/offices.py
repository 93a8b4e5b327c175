"""Open a home for a command, and find in it what the caller named."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.types.practice import Practice

if TYPE_CHECKING:
    from agent.office import Office

RECORDS_FILE = "overturn.db"
CHECKPOINTS_FILE = "checkpoints.db"


class CannotOpen(Exception):
    """The home cannot be opened; the message says why and what to do."""


class NotFound(Exception):
    """What the caller named is not in the home, or is there more than once; the message says which."""


@dataclass(frozen=True)
class Named:
    """A denial found by what the caller called it."""

    practice_id: str
    denial_id: str


def now() -> datetime:
    """Read the clock, in UTC. Nothing below this layer does."""
    return datetime.now(UTC)


def open_office(
    home: Path,
    *,
    make: bool = False,
    clock: Callable[[], datetime] = now,
    environment: Mapping[str, str] = os.environ,
) -> "Office":
    """Open a home; with `make`, make it when it is not there. The environment names the language model, if any.

    Raises:
        CannotOpen: there is no home at this path, it was written by a newer version, or it cannot be used; or the
            environment asks for a model in a way that is refused.
    """
    if not make and not (home / RECORDS_FILE).is_file():
        raise CannotOpen(f"there is no home at {home}: run `overturn work FOLDER --home {home}` first")
    # The state machine takes seconds to import: commands that need none (remit, --help) do not wait for it.
    from sqlalchemy.exc import DatabaseError

    from agent.home_lock import HomeClosed
    from agent.model.settings import ModelSettingsFault
    from agent.office import Office
    from agent.reader import reader_of
    from knowledge.codes.sources import CodeTableError
    from knowledge.records import NewerSchema
    from knowledge.sealing import BadKey, WrongKey, key_in

    try:
        key = key_in(environment)
    except BadKey as error:
        raise CannotOpen(str(error)) from error
    try:
        reader = reader_of(environment)
    except ModelSettingsFault as error:
        raise CannotOpen(f"the language model cannot be used: {error}") from error
    try:
        return _kept_to_this_user(Office.open(home, clock, reader=reader, key=key))
    except (WrongKey, HomeClosed) as error:
        raise CannotOpen(f"{home} cannot be opened: {error}") from error
    except CodeTableError as error:
        raise CannotOpen(f"the code tables of {home} cannot be used ({error}); load the file again") from error
    except NewerSchema as error:
        raise CannotOpen(f"{home} was written by a newer version of overturn ({error})") from error
    except OSError as error:
        raise CannotOpen(f"{home} cannot be used as a home: {error.strerror or error}; choose another") from error
    except DatabaseError as error:
        raise CannotOpen(f"{home / RECORDS_FILE} cannot be opened ({error.orig}); choose another home") from error
    except sqlite3.DatabaseError as error:
        raise CannotOpen(f"{home / CHECKPOINTS_FILE} cannot be opened ({error}); choose another home") from error


def _kept_to_this_user(office: "Office") -> "Office":
    """Make a home's databases readable to this user alone, whatever the mask and whoever made the folder."""
    for name in (RECORDS_FILE, CHECKPOINTS_FILE):
        for suffix in ("", "-wal", "-shm"):
            file = office.home / f"{name}{suffix}"
            if file.exists() and file.stat().st_uid == os.getuid():
                file.chmod(0o600)
    return office


def practice_of(office: "Office", practice_id: str | None) -> tuple[str, Practice]:
    """Give the practice of an id or name; None = the only one of the home.

    Raises:
        NotFound: the home has no practice, not this one, or several and none was named.
    """
    practices = office.practices()
    wanted = [found for found in practices if practice_id in (None, found[0], found[1].name)]
    if len(wanted) == 1:
        return wanted[0]
    if not practices:
        raise NotFound(f"{office.home} holds no practice yet: run `overturn work FOLDER --home {office.home}` first")
    names = ", ".join(f"{name} ({practice.name})" for name, practice in practices)
    if practice_id is None:
        raise NotFound(f"{office.home} holds several practices; name one with --practice: {names}")
    raise NotFound(f"{office.home} holds no practice {practice_id}; it holds {names}")


def find_denial(office: "Office", named: str) -> Named:
    """Find the one denial whose id starts with `named` (with or without `den_`), or the one of that claim number.

    Raises:
        NotFound: none is, or several are; the message lists them.
    """
    by_id, by_claim = [], []
    for practice_id, _ in office.practices():
        for record in office.records_of(practice_id):
            found = Named(practice_id, record.denial_id)
            if record.denial_id == named:
                return found
            if record.denial_id.removeprefix("den_").startswith(named.removeprefix("den_")):
                by_id.append(found)
            if record.remit.claim_id == named:
                by_claim.append(found)
    matches = by_id or by_claim
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise NotFound(f"no denial {named} in {office.home}; `overturn queue --home {office.home}` lists all")
    ids = ", ".join(match.denial_id for match in matches[:_LISTED])
    more = f" and {len(matches) - _LISTED} more" if len(matches) > _LISTED else ""
    raise NotFound(f"{named} could be any of {len(matches)} denials: {ids}{more}")


_LISTED = 6
