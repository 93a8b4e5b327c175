"""A server over a home, with its key and a fixed clock; and the files of the sample practice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.offices import open_office
from api.settings import Settings

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
KEY = "a-key-that-is-long-enough"


def noon() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


@contextmanager
def served(home: Path, **settings: object) -> Iterator[TestClient]:
    """A client of a server over `home` that shows the key."""
    chosen = {"api_key": KEY, "patience": 60.0, **settings}
    app = create_app(Settings(home=home, **chosen), lambda given: open_office(given.home, make=True, clock=noon))  # type: ignore[arg-type]
    headers = {"X-API-Key": KEY} if chosen["api_key"] else {}
    with TestClient(app, base_url="http://127.0.0.1:8710", headers=headers, raise_server_exceptions=False) as client:
        yield client


def seen(client: TestClient, denial_id: str) -> dict[str, str]:
    """The header that names the version of a denial as it stands now."""
    return {"If-Match": client.get(f"/v1/denials/{denial_id}").headers["etag"]}


def data_of(part: str) -> bytes:
    return (CEDAR / part).read_bytes()
