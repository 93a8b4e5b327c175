"""The key that a request must carry where its double could not be told from it afterwards.

Every POST takes an `Idempotency-Key` (api/idempotency.py). Most do no harm without one: a file counts once by its
content, a decision names the version it was made on, the same outcome entered again is the same outcome. A webhook made
twice brings every event twice, and a secret made twice ends the one that was never read: these are not made without.
"""

from typing import Annotated

from fastapi import Depends, Header
from fastapi.params import Depends as Dependency

from api.problems import ProblemError

KEY_MISSING = "idempotency-key-missing"


def _with_key(idempotency_key: Annotated[str | None, Header()] = None) -> None:
    """Refuse a request without a key.

    Raises:
        ProblemError: `idempotency-key-missing` (400).
    """
    if idempotency_key is None:
        raise ProblemError("idempotency-key-missing", "send an Idempotency-Key of your own, and the same in a repeat")


def needs_key() -> Dependency:
    """Demand a key on a route, by its `dependencies`; its `responses` name KEY_MISSING."""
    dependency: Dependency = Depends(_with_key)
    return dependency
