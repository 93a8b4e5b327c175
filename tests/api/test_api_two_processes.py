"""What is counted must hold however many servers share a home."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_served import KEY
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from api.access import passwords
from api.access.lockout import FREE_PER_PAIR
from api.access.users import Users
from api.app import create_app
from api.offices import open_office
from api.settings import Settings

HERE = "http://127.0.0.1:8710"
PASSWORD = "maple otter crayon vivid"


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, TestClient, list[datetime]]]:
    """Two servers, each with an office of its own, on one home."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    now = [datetime(2026, 5, 1, 12, tzinfo=UTC)]

    def app() -> TestClient:
        made = create_app(
            Settings(home=tmp_path / "home", api_key=KEY),
            lambda given: open_office(given.home, make=True, clock=lambda: now[0]),
        )
        return TestClient(made, base_url=HERE, headers={"origin": HERE}, follow_redirects=False)

    with app() as one, app() as other:
        yield one, other, now


def _sign_in(client: TestClient, password: str) -> int:
    return client.post("/sign-in", data={"login": "olin", "password": password}).status_code


def test_guesses_spread_over_servers_close_a_login_for_all_of_them(
    servers: tuple[TestClient, TestClient, list[datetime]],
) -> None:
    one, other, now = servers
    office = one.app.state.service.office  # type: ignore[attr-defined]
    Users(office.records, office.clock).add("olin", "Olin", "biller", None, PASSWORD)
    for guess in range(FREE_PER_PAIR):
        assert _sign_in((one, other)[guess % 2], f"guess {guess}") == 401
    closed = other.post("/sign-in", data={"login": "olin", "password": PASSWORD})
    assert closed.status_code == 429
    assert 0 < int(closed.headers["retry-after"]) <= 31
    assert _sign_in(one, PASSWORD) == 429
    now[0] += timedelta(minutes=31)
    assert _sign_in(one, PASSWORD) == 303
