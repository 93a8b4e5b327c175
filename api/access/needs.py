"""The permission a route names. A test walks every route against every role by it."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from api.access.permissions import Permission
from api.access.principal import Principal, principal_of
from api.problems import ProblemError


class Needs:
    """A dependency that lets through who has `permission`."""

    def __init__(self, permission: Permission) -> None:
        """Name the permission."""
        self.permission = permission

    def __call__(self, request: Request) -> None:
        """Refuse who lacks it.

        Raises:
            ProblemError: `key-required` (401) or `forbidden` (403).
        """
        principal = _somebody(request)
        if not principal.may(self.permission):
            raise ProblemError(
                "forbidden", f"this needs the permission {self.permission}", headers=self._challenge(principal)
            )

    def _challenge(self, principal: Principal) -> dict[str, str] | None:
        if principal.kind != "client":
            return None
        return {"www-authenticate": f'Bearer error="insufficient_scope", scope="{self.permission}"'}


def needs(permission: Permission) -> Dependency:
    """Name the permission of a route: `@router.get(..., dependencies=[needs("denials.read")])`."""
    dependency: Dependency = Depends(Needs(permission))
    return dependency


def permission_of(route: Any) -> Permission | None:
    """Give the permission a route names; None for an open one, or where there is no route."""
    for dependency in getattr(route, "dependencies", ()):
        if isinstance(dependency.dependency, Needs):
            return dependency.dependency.permission
    return None


def _somebody(request: Request) -> Principal:
    principal = principal_of(request)
    if principal is None:
        raise ProblemError("key-required", "sign in, or send a key or token", headers={"www-authenticate": "Bearer"})
    return principal


PrincipalOf = Annotated[Principal, Depends(_somebody)]
"""Who sends the request, for routes that record it."""
