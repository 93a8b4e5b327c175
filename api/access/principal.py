"""Who sends a request: a user, a client of the API, the holder of the server's key, or the demo's visitor."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

from api.access.permissions import EVERY_PERMISSION, Permission, permissions_by_role
from knowledge.records.access import AccessRole


@dataclass(frozen=True)
class Principal:
    """Somebody whose identity is established. `practices` None = every practice of the home.

    `role` is the one they decide with (agent/approving/roles.csv); None where the request must state it (the key).
    """

    id: str
    kind: Literal["user", "client", "key", "demo"]
    name: str
    role: AccessRole | None
    permissions: frozenset[Permission]
    practices: frozenset[str] | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether they have a permission."""
        return permission in self.permissions

    def sees(self, practice_id: str) -> bool:
        """Tell whether a practice is theirs."""
        return self.practices is None or practice_id in self.practices


KEY_HOLDER = Principal("key", "key", "API key", None, EVERY_PERMISSION)
"""Who shows OVERTURN_API_KEY: the operator of the server."""

DEMO_VISITOR = Principal("demo", "demo", "Demo", "manager", EVERY_PERMISSION)
"""Whoever opens the demo on this machine: its patients are invented."""


def with_role(
    id_: str, kind: Literal["user", "client"], name: str, role: AccessRole, practices: frozenset[str] | None
) -> Principal:
    """Make a principal with all that a role may do."""
    return Principal(id_, kind, name, role, permissions_by_role()[role], practices)


def principal_of(connection: HTTPConnection) -> Principal | None:
    """Give who sends a request; None where nobody was asked for (open addresses)."""
    found: Principal | None = getattr(connection.state, "principal", None)
    return found
