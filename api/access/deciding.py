"""Who a decision is by, and in which role: what the sign-in established, whatever the request says."""

from typing import NamedTuple, cast, get_args

from api.access.principal import Principal
from api.problems import ProblemError
from knowledge.records import Role


class Decider(NamedTuple):
    """Who decides, by name, and in which role."""

    by: str
    role: Role | None


def decider(principal: Principal, by: str | None, role: Role | None) -> Decider:
    """Give who decides. A user decides as themselves; a client as itself, for whom it names, in no role.

    Whoever holds the server's key, or tries the demo, may state both.

    Raises:
        ProblemError: `identity-claimed`: another name or role than one's own. `invalid-request`: no name where one
            must be stated.
    """
    own = cast("Role", principal.role) if principal.role in get_args(Role) else None
    if principal.kind in ("key", "demo"):
        name = by or (principal.name if principal.kind == "demo" else None)
        if name is None:
            raise ProblemError("invalid-request", "body.by: with the server's key, say who decided")
        return Decider(name, role or own)
    if role is not None and role != own:
        raise ProblemError("identity-claimed", f"you decide as {principal.role}, not as {role}: leave `role` out")
    if principal.kind == "client":
        return Decider(f"{by} ({principal.name})" if by else principal.name, own)
    if by is not None and by != principal.name:
        raise ProblemError("identity-claimed", "you decide in your own name: leave `by` out")
    return Decider(principal.name, own)
