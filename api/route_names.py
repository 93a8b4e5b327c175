"""What a request is about, told before any route has looked at it: the operation of the address it goes to."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute
from starlette.types import Scope

NO_ADDRESS = "no address of this server"


def name_of(route: Any) -> str:
    """Name a route: its operation, else its function."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))


def route_asked(scope: Scope) -> APIRoute | None:
    """Give the route that a request goes to; where only another method is served at its address, that one."""
    app = scope["app"]
    known: list[APIRoute] | None = getattr(app.state, "every_route", None)
    if known is None:
        app.state.every_route = known = list(_routes(app.routes))
    found = [route for route in known if route.path_regex.match(scope["path"])]
    return next((route for route in found if scope["method"] in (route.methods or ())), found[0] if found else None)


def tried(scope: Scope) -> str:
    """Name what a request tries; never by its path, which anybody may make up."""
    route = scope.get("route") or route_asked(scope)
    return name_of(route) if route is not None else NO_ADDRESS


def _routes(found: Any) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        else:
            included = getattr(route, "original_router", route)
            yield from _routes(getattr(included, "routes", None) or ())
