"""A served copy of a worked home, looked at by whoever tries the demo, or by users who sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from agent.office import Office
from api.app import create_app
from api.offices import open_office
from api.service import Service
from api.settings import Settings

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
HERE = "http://127.0.0.1:8710"


def noon() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


@contextmanager
def desk(home: Path) -> Iterator[TestClient]:
    app = create_app(
        Settings(home=home, api_key=None, demo=True, patience=60.0),
        lambda given: open_office(given.home, make=True, clock=noon),
    )
    headers = {"accept": "text/html", "origin": HERE}
    with TestClient(app, base_url=HERE, headers=headers, raise_server_exceptions=False) as client:
        yield client


def service_of(client: TestClient) -> Service:
    return client.app.state.service  # type: ignore[attr-defined,no-any-return]


def office_of(client: TestClient) -> Office:
    return service_of(client).office
