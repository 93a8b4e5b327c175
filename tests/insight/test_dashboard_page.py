"""The dashboard's page: every number leads to exactly the denials it counts; its tables as CSV; what it shows when."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from insight_home import AS_OF, PRACTICE, dashboard_home

from agent.insight.selection import AGES, DUES, Selection
from api.app import create_app
from api.offices import open_office
from api.service import Service
from api.settings import Settings
from api.web.dashboard_links import address_of
from api.web.queue_filters import asked_by
from knowledge.records import Repository, open_records
from knowledge.records.tables import WorklistRow

KEY = "a-key-that-is-long-enough"
HERE = "http://127.0.0.1:8710"
PAGES = (
    "/dashboard",
    "/dashboard?payer_id=CASC1&rows=hcpcs&columns=site&measure=lost",
    "/dashboard?rows=root_cause&columns=none&measure=open",
    "/dashboard?month=2026-03&rows=site&columns=root_cause&measure=recovered",
)
TABLES = (
    *("months", "ages", "deadlines", "pivot", "straight-through", "agreement", "recurring"),
    *("overturned-by-payer", "overturned-by-cause", "overturned-by-remedy", "overturned-by-argument"),
)


def served(home: Path) -> TestClient:
    app = create_app(
        Settings(home=home, api_key=KEY),
        lambda given: open_office(given.home, make=True, clock=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC)),
    )
    return TestClient(app, base_url=HERE, headers={"x-api-key": KEY})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page") / "home"
    with dashboard_home(made, 250):
        pass
    return made


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with served(home) as made:
        yield made


def text_of(client: TestClient, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered.text[:500]
    return answered.text


def numbers(html: str) -> list[tuple[str, int]]:
    """Every link of a number, and how many denials it says are behind it."""
    found = re.findall(r'<a href="([^"]+)" data-count="(\d+)"', html)
    return [(unescape(address), int(count)) for address, count in found]


def behind(client: TestClient, address: str) -> int:
    """Count the denials an address lists, as the page there does."""
    split = urlsplit(address)
    if split.path == "/dashboard/denials":
        shown = re.search(r'id="count">([\d,]+)<', text_of(client, address))
        assert shown is not None
        return int(shown.group(1).replace(",", ""))
    assert split.path == "/queue"
    asked = asked_by(split.query)
    # Nothing of the address may be left out by the queue: then it would list more than the number says.
    assert len(asked.given) == len(parse_qsl(split.query))
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    with service.worklists.at("p") as (index, _):
        return index.matching(asked.wanted(AS_OF, "me")).bit_count()


@pytest.mark.parametrize("page", PAGES)
def test_every_number_leads_to_exactly_the_denials_it_counts(client: TestClient, page: str) -> None:
    found = numbers(text_of(client, page))
    assert len(found) > 40
    for address, count in dict.fromkeys(found):
        assert behind(client, address) == count, address


def test_most_numbers_lead_to_the_queue_itself(client: TestClient) -> None:
    found = [urlsplit(address).path for address, _ in numbers(text_of(client, "/dashboard"))]
    assert {"/queue", "/dashboard/denials"} == set(found)
    assert found.count("/queue") > found.count("/dashboard/denials")


def test_no_address_holds_a_patient(client: TestClient) -> None:
    for page in PAGES:
        for address, _ in numbers(text_of(client, page)):
            assert "Doe" not in address
            assert set(dict(parse_qsl(urlsplit(address).query))) <= {
                *Selection.model_fields,
                *("status", "snoozed", "paid_from", "paid_until", "due_from", "due_by"),
            }


@pytest.mark.parametrize("age", AGES)
def test_an_age_is_said_to_the_queue_by_days(age: str) -> None:
    query = dict(parse_qsl(urlsplit(address_of(Selection(of="open", age=age), AS_OF)).query))
    first, last = AGES[age]  # type: ignore[index]
    assert query.get("paid_until") == ((AS_OF - timedelta(days=first)).isoformat() if first > 0 else None)
    assert query.get("paid_from") == ((AS_OF - timedelta(days=last)).isoformat() if last < 1000 else None)


@pytest.mark.parametrize("due", DUES)
def test_a_clock_is_said_to_the_queue_by_days(due: str) -> None:
    query = dict(parse_qsl(urlsplit(address_of(Selection(of="open", due=due), AS_OF)).query))
    assert {name for name in query if name.startswith("due")} <= {"due_from", "due_by"}
    assert "due_from" in query or date.fromisoformat(query["due_by"]) < AS_OF


@pytest.mark.parametrize("key", TABLES)
def test_every_table_is_there_as_csv_with_all_rows(client: TestClient, key: str) -> None:
    page = text_of(client, "/dashboard")
    assert f"/dashboard/tables/{key}.csv" in page
    answered = client.get(f"/dashboard/tables/{key}.csv?rows=hcpcs&columns=month")
    assert answered.headers["content-type"].startswith("text/csv")
    assert answered.headers["content-disposition"] == f'attachment; filename="{key}.csv"'
    rows = list(csv.reader(io.StringIO(answered.text)))
    assert len(rows) > 2
    assert len({len(row) for row in rows}) == 1


def test_a_table_there_is_not_is_not_found(client: TestClient) -> None:
    assert client.get("/dashboard/tables/patients.csv").status_code == 404


def test_a_name_that_a_spreadsheet_would_run_is_text_there_and_escaped_here(tmp_path: Path) -> None:
    with dashboard_home(tmp_path / "home", 30) as records, records.transaction() as repository:
        for denial_id in ("den_000001", "den_000002"):
            row = row_of(repository, denial_id)
            row.payer_id, row.payer_name = "EVIL", '=HYPERLINK("http://x")<script>alert(1)</script>'
    with served(tmp_path / "home") as client:
        held = client.get("/dashboard/tables/pivot.csv?rows=payer_id&columns=none").text
        assert """"'=HYPERLINK""" in held
        assert "<script>alert" not in text_of(client, "/dashboard")


def row_of(repository: Repository, denial_id: str) -> WorklistRow:
    found = repository.worklist._session.get(WorklistRow, ("p", denial_id))
    assert found is not None
    return found


def test_charts_are_well_formed_and_told_in_words(client: TestClient) -> None:
    charts = re.findall(r"<svg.*?</svg>", text_of(client, "/dashboard"), re.DOTALL)
    assert len(charts) == 9
    ids = []
    for chart in charts:
        tree = ElementTree.fromstring(chart)
        title, desc = tree.find("title"), tree.find("desc")
        assert title is not None
        assert desc is not None
        assert tree.attrib["role"] == "img"
        assert tree.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
        assert len(desc.text or "") > 40
        ids += [title.attrib["id"], desc.attrib["id"]]
        assert " style=" not in chart  # the page's policy lets no inline style through
    assert len(ids) == len(set(ids))


def test_the_words_are_defined_on_the_page(client: TestClient) -> None:
    page = text_of(client, "/dashboard")
    assert "What the words mean" in page
    assert "Cash that later remittances brought" in page


def test_what_an_address_cannot_mean_is_left_out(client: TestClient) -> None:
    plain = text_of(client, "/dashboard")
    assert text_of(client, "/dashboard?rows=patient&columns=month&measure=x&of=nonsense&age=old") == plain


def test_a_list_goes_on_over_pages_and_holds_each_denial_once(client: TestClient) -> None:
    address, seen = "/dashboard/denials?of=decided", []
    while address:
        page = text_of(client, address)
        seen += re.findall(r'href="/case/(den_\d+)"', page)
        more = re.search(r'href="([^"]+)">More<', page)
        address = unescape(more.group(1)) if more else ""
    assert len(seen) == len(set(seen)) == behind(client, "/dashboard/denials?of=decided") > 50


def test_a_practice_without_denials_is_told_how_to_begin(tmp_path: Path) -> None:
    with open_records(_made(tmp_path / "home") / "overturn.db") as records, records.transaction() as repository:
        repository.files.save_practice("p", PRACTICE)
    with served(tmp_path / "home") as client:
        assert "Nothing to add up yet" in text_of(client, "/dashboard")


def test_without_an_ended_fight_no_rate_is_made_up(tmp_path: Path) -> None:
    with dashboard_home(tmp_path / "home", 20) as records, records.transaction() as repository:
        for n in range(20):
            row = row_of(repository, f"den_{n:06d}")
            row.status = "in_review"
    with served(tmp_path / "home") as client:
        page = text_of(client, "/dashboard")
        assert "No fight has ended yet" in page
        assert "95% interval" not in page.split('id="overturned"')[1].split("</section>")[0]


def _made(home: Path) -> Path:
    home.mkdir(mode=0o700)
    return home
