"""Every route against every role: what it names is needed, and enough; a route that names nothing is closed."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from door import HERE, Door, add_practice, opened_door
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from api.access.needs import Needs
from api.access.open_addresses import ROUTES, is_open
from api.access.permissions import EVERY_PERMISSION, Permission, permissions_by_role
from api.app import create_app
from api.settings import Settings
from knowledge.records.access import AccessRole

ROLES: tuple[AccessRole, ...] = get_args(AccessRole)
PARTS = {"part": "handed", "provider": "cedar", "path": "0/app.css"}


def routes(found: list[BaseRoute]) -> Iterator[APIRoute]:
    """Every route of the app, those of included routers too."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        else:
            included = getattr(route, "original_router", route)
            yield from routes(list(getattr(included, "routes", None) or ()))


def all_routes() -> list[APIRoute]:
    app = create_app(Settings(home=Path(), api_key=None, demo=True))
    return list(routes(list(app.routes)))


def named(route: APIRoute) -> list[Permission]:
    below, found = [route.dependant], []
    while below:
        one = below.pop()
        if isinstance(one.call, Needs):
            found.append(one.call.permission)
        below.extend(one.dependencies)
    return found


def address(route: APIRoute) -> str:
    path = route.path
    for name in route.param_convertors:
        value = PARTS.get(name, f"{name}_0")
        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
    return path


def test_the_walk_sees_the_routes_there_are() -> None:
    seen = {route.path for route in all_routes()}
    assert {"/v1/denials", "/v1/remits", "/v1/denials/{denial_id}/packet", "/sign-in", "/users", "/account"} <= seen
    described = create_app(Settings(home=Path(), api_key=None, demo=True)).openapi()["paths"]
    assert set(described) <= seen


def test_every_route_names_exactly_one_permission_or_is_open() -> None:
    for route in all_routes():
        if route.path in ROUTES:
            assert named(route) == [], f"{route.path} is open and names a permission"
            assert is_open(address(route)), route.path
        else:
            assert len(named(route)) == 1, f"{route.path} names {named(route) or 'no permission'}"
            assert not is_open(address(route)), route.path


def test_every_permission_is_some_roles_and_every_role_has_some() -> None:
    held = permissions_by_role()
    assert frozenset().union(*held.values()) == EVERY_PERMISSION
    assert all(held[role] for role in ROLES)
    assert "users.manage" not in held["manager"] | held["service"]
    assert "denials.read" not in held["administrator"]  # who manages users need not see patients


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    home = tmp_path_factory.mktemp("walk") / "home"
    add_practice(home, "Cedar Oncology", "841234567")
    with opened_door(home) as made:
        yield made


def senders(door: Door) -> dict[str, TestClient]:
    found: dict[str, TestClient] = {}
    for role in ROLES:
        if role == "service":
            client, secret = door.clients().add("pms", permissions_by_role()["service"], None)
            asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
            token = door.app.post("/oauth/token", data=asked).json()["access_token"]
            found[role] = TestClient(
                door.app.app, base_url=HERE, headers={"authorization": f"Bearer {token}"}, raise_server_exceptions=False
            )
        else:
            door.user(role, role)
            found[role] = door.signed_in(role)
    return found


def test_every_route_lets_through_the_roles_that_hold_its_permission_and_no_others(walked: Door) -> None:
    signed = senders(walked)
    nobody = walked.browser()
    tried = 0
    for route in all_routes():
        if route.path in ROUTES or route.path.startswith("/sign-out"):
            continue
        (permission,) = named(route)
        for method in sorted(route.methods or ()):
            assert nobody.request(method, address(route)).status_code in (303, 401), route.path
            for role, sender in signed.items():
                answered = sender.request(method, address(route))
                refused = answered.status_code == 403 and "urn:overturn:problem:forbidden" in answered.text
                if role == "service" and refused:
                    assert f'scope="{permission}"' in answered.headers["www-authenticate"]
                holds = permission in permissions_by_role()[role]
                assert refused != holds, f"{method} {route.path} {permission} {role}: {answered.status_code}"
                assert answered.status_code != 401, (route.path, role)
                tried += 1
    assert tried > 200


def test_without_a_sign_in_a_key_that_is_none_or_a_token_that_ended_nothing_opens(walked: Door) -> None:
    for headers in ({"x-api-key": "wrong"}, {"authorization": "Bearer ovt_none"}, {"cookie": "overturn=none"}, {}):
        for route in all_routes():
            if route.path not in ROUTES:
                for method in sorted(route.methods or ()):
                    answered = walked.app.request(method, address(route), headers=headers)
                    assert answered.status_code == 401, (route.path, headers)
