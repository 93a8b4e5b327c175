"""The permissions there are, and those each role has (roles.yaml)."""

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml
from pydantic import TypeAdapter

from knowledge.records.access import AccessRole

Permission = Literal[
    "account.own",  # one's own password, second factor, sessions
    "denials.read",  # cases, queue, search, the pages that show them
    "denials.review",  # approve, edit, reject
    "denials.assign",  # assign, snooze, ask a clinician
    "files.read",  # remits, claims, charts as they came in
    "files.write",  # bring files in
    "outcomes.write",  # what a payer answered, by hand
    "sends.read",  # the outbox and its bytes
    "sends.write",  # hand over what is approved; take receipts in
    "rules.read",
    "rules.propose",
    "rules.accept",  # accept and withdraw learned rules
    "dashboard.read",  # sums over all cases, exports
    "check.run",  # claims before they go out
    "users.manage",
    "clients.manage",
    "webhooks.manage",  # where events go, and their replay
    "audit.read",
    "metrics.read",
]

EVERY_PERMISSION: frozenset[Permission] = frozenset(get_args(Permission))
_ROLES = TypeAdapter(dict[AccessRole, tuple[Permission, ...]])


@cache
def permissions_by_role() -> dict[AccessRole, frozenset[Permission]]:
    """Read roles.yaml; every role must stand in it.

    Raises:
        ValueError: a role or permission that there is not, or a role left out.
    """
    text = files(__package__).joinpath("roles.yaml").read_text(encoding="utf-8")
    found = {role: frozenset(held) for role, held in _ROLES.validate_python(yaml.safe_load(text)).items()}
    missing = set(get_args(AccessRole)) - found.keys()
    if missing:
        raise ValueError(f"roles.yaml lacks {', '.join(sorted(missing))}")
    return found
