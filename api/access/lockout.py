"""How failed sign-ins are slowed down, each time for longer. Unknown logins count the same.

They are counted for a login from one address, for an address whatever the logins, and for a login whatever the
addresses. The last comes late: whoever knows a login may not keep its owner out by failing from somewhere else.
"""

from datetime import datetime, timedelta

from api.access.tokens import hash_of
from knowledge.records import Repository
from knowledge.records.access import Failures

FREE_PER_PAIR = 5
FREE_PER_ADDRESS = 25
FREE_PER_LOGIN = 100
FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(hours=24)


def pair_subject(login: str, address: str) -> str:
    """Name a login that is tried from an address in the records of failures."""
    return hash_of(f"login:{login} address:{address}")


def login_subject(login: str) -> str:
    """Name a login in the records of failures."""
    return hash_of(f"login:{login}")


def address_subject(address: str) -> str:
    """Name an address in the records of failures."""
    return hash_of(f"address:{address}")


def closed_for(repository: Repository, login: str, address: str, now: datetime) -> int:
    """Give the seconds until a sign-in is looked at again; 0 = now."""
    waits = [0.0]
    for subject, _ in _counted(login, address):
        found = repository.access.failures(subject)
        if found is not None and found.closed_until is not None:
            waits.append((found.closed_until - now).total_seconds())
    longest = max(waits)
    return int(longest) + 1 if longest > 0 else 0


def note_failure(repository: Repository, login: str, address: str, now: datetime) -> None:
    """Count a failed sign-in."""
    for subject, free in _counted(login, address):
        found = repository.access.failures(subject)
        before = 0 if found is None or now - found.last_at > FORGOTTEN_AFTER else found.count
        count = before + 1
        closed = None if count < free else now + min(FIRST * 2 ** min(count - free, 10), LONGEST)
        repository.access.save_failures(Failures(subject=subject, count=count, last_at=now, closed_until=closed))


def note_success(repository: Repository, login: str, address: str | None = None) -> None:
    """Forget a login's failures. Those of the address stay: one good account may not pay for guesses at others."""
    repository.access.forget_failures(login_subject(login))
    if address is not None:
        repository.access.forget_failures(pair_subject(login, address))


def _counted(login: str, address: str) -> tuple[tuple[str, int], ...]:
    """Give whose failures count, each with how many are free."""
    return (
        (pair_subject(login, address), FREE_PER_PAIR),
        (address_subject(address), FREE_PER_ADDRESS),
        (login_subject(login), FREE_PER_LOGIN),
    )
