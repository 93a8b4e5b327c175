"""The sample practice, worked once, and served to one browser without its network."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from agent.office import Office
from api.app import create_app
from api.offices import open_office
from api.settings import Settings
from knowledge.types.record import DenialRecord

HERE = "http://127.0.0.1:8710"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

UNITS = "den_484352af2557216203e9"  # an authorization's units are used up: a letter of the billing office
PHYSICIAN = "den_7882da84cc14c37aacd1"  # a letter that the treating physician signs
CLAIM = "den_77f73ac155df73a5da21"  # a corrected claim
WRITE_OFF = "den_8830671be9da10e210a8"
FIRST, SECOND = "den_e5fd8dbe708661eda5d2", "den_1345b4d2f19b0afb7a91"  # one series


class Browser:
    """A browser of the demo, whose requests come from our own pages."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    @property
    def office(self) -> Office:
        return self.client.app.state.service.office  # type: ignore[attr-defined, no-any-return]

    @property
    def practice_id(self) -> str:
        return self.office.practices()[0][0]

    def record(self, denial_id: str) -> DenialRecord:
        found = self.office.record(self.practice_id, denial_id)
        assert found is not None
        return found

    def get(self, path: str, *, part: bool = False) -> str:
        answer = self.client.get(path, headers={"hx-request": "true"} if part else {})
        assert answer.status_code == 200, answer.text
        return answer.text

    def tag(self, denial_id: str) -> str:
        return self.get(f"/case/{denial_id}").split('name="tag" value="')[1].split('"')[0]


@contextmanager
def browsing(home: Path) -> Iterator[Browser]:
    settings = Settings(home=home, api_key=None, demo=True, patience=60.0)
    app = create_app(settings, lambda given: open_office(given.home, clock=lambda: NOON, environment={}))
    headers = {"origin": HERE, "accept": "text/html"}
    with TestClient(app, base_url=HERE, headers=headers, follow_redirects=False) as client:
        while app.state.service.worker.progress().state != "idle":
            time.sleep(0.05)
        yield Browser(client)
