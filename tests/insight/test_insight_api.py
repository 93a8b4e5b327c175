"""Sums over the API: the same numbers as the page's, money as strings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from insight_home import dashboard_home

from api.app import create_app
from api.offices import open_office
from api.settings import Settings

KEY = "a-key-that-is-long-enough"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("api") / "home"
    with dashboard_home(home, 150):
        pass
    app = create_app(
        Settings(home=home, api_key=KEY),
        lambda given: open_office(given.home, make=True, clock=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC)),
    )
    with TestClient(app, base_url="http://127.0.0.1:8710", headers={"x-api-key": KEY}) as made:
        yield made


def got(client: TestClient, address: str) -> dict[str, Any]:
    answered = client.get(address)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def test_cells_add_up_to_the_whole_and_money_is_a_string(client: TestClient) -> None:
    found = got(client, "/v1/insight/sums?rows=payer_id&columns=month&measure=lost")
    assert sum(Decimal(cell["sum"]["dollars"]) for cell in found["cells"]) == Decimal(found["whole"]["lost"]["dollars"])
    assert isinstance(found["whole"]["denied"]["dollars"], str)
    assert found["as_of"] == "2026-05-01"


def test_a_filter_narrows_every_number(client: TestClient) -> None:
    whole = got(client, "/v1/insight/sums")
    one = got(client, "/v1/insight/sums?payer_id=CASC1")
    cell = next(cell for cell in whole["cells"] if cell["row"] == "CASC1")
    assert one["whole"]["denied"] == cell["sum"]
    assert [each["row"] for each in one["cells"]] == ["CASC1"]


def test_rates_come_with_their_interval(client: TestClient) -> None:
    found = got(client, "/v1/insight/overturned?by=argument")
    assert sum(item["fought"]["count"] for item in found["items"]) == found["whole"]["fought"]["count"]
    low, high = found["whole"]["interval"]
    assert 0 < low < found["whole"]["rate"] < high < 1


def test_what_recurs_names_its_fix(client: TestClient) -> None:
    found = got(client, "/v1/insight/recurring?limit=3")
    assert len(found["items"]) == 3
    assert {"fix", "reason", "saves", "sum", "out_of"} <= found["items"][0].keys()


@pytest.mark.parametrize("query", ["rows=patient", "measure=x", "month=March", "columns=claim"])
def test_what_it_does_not_know_is_refused(client: TestClient, query: str) -> None:
    answered = client.get(f"/v1/insight/sums?{query}")
    assert (answered.status_code, answered.json()["type"].rpartition(":")[2]) == (422, "invalid-request")
