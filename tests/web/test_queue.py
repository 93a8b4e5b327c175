"""The queue's page: what it lists, what its filters count, what is done to rows, and what stands in no address."""

import re
from datetime import date
from pathlib import Path

import pytest
from desk import desk, office_of, service_of
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.web.queue_filters import ORDERS, Asked, asked_by, asked_in
from knowledge.records import OPEN, WorklistFilter, WorklistItem


def items(client: TestClient, **wanted: object) -> tuple[WorklistItem, ...]:
    office = office_of(client)
    (practice_id, _), *_ = office.practices()
    with office.records.reading() as tx:
        return tx.worklist.page(practice_id, WorklistFilter.model_validate(wanted), limit=200).items


def listed(page: str) -> list[str]:
    """The denials of a page in its order; those of a group stand together."""
    return [name for ids in re.findall(r'data-ids="([^"]*)"', page) for name in ids.split()]


class TestListing:
    def test_it_lists_every_open_denial_by_rank(self, reader: TestClient) -> None:
        page = reader.get("/queue")
        assert page.status_code == 200
        assert listed(page.text) == [item.denial_id for item in items(reader, status=OPEN)]

    @pytest.mark.parametrize("order", ORDERS)
    def test_every_order_lists_them_all_both_ways(self, reader: TestClient, order: str) -> None:
        forth, back = (listed(reader.get(f"/queue?order={order}{more}").text) for more in ("", "&backwards=1"))
        assert sorted(forth) == sorted(back) == sorted(item.denial_id for item in items(reader, status=OPEN))

    def test_the_count_beside_each_filter_is_what_it_lists(self, reader: TestClient) -> None:
        page = reader.get("/queue").text
        links = re.findall(
            r'href="(/queue\?(?:due|status|payer_id|root_cause|hcpcs|route|age)=[^"]+)".*?<span class="count">([\d,]+)',
            page,
        )
        assert len(links) > 8
        for address, count in links:
            assert len(listed(reader.get(address).text)) == int(count), address

    def test_a_part_is_given_to_htmx_and_the_whole_to_a_browser(self, reader: TestClient) -> None:
        part = reader.get("/queue", headers={"hx-request": "true"}).text
        assert part.lstrip().startswith('<div id="queue"')
        assert "<html" in reader.get("/queue").text

    def test_there_is_no_inline_script_or_style(self, reader: TestClient) -> None:
        for address in ("/queue", "/series", "/rules", "/outbox", "/nothing"):
            page = reader.get(address)
            assert not re.search(r"<script(?![^>]*src=)|\sstyle=|<style|\son\w+=|javascript:", page.text), address
            assert "script-src 'self'" in page.headers["content-security-policy"]

    def test_what_an_old_link_cannot_mean_any_more_is_left_out(self, reader: TestClient) -> None:
        page = reader.get("/queue?status=gone&due=soon&age=9&order=size&due_by=yesterday&payer_id=")
        assert listed(page.text) == listed(reader.get("/queue").text)

    def test_nothing_that_fits_offers_to_clear_the_filters(self, reader: TestClient) -> None:
        page = reader.get("/queue?payer_id=NOBODY").text
        assert ("Nothing matches" in page, "Clear the filters" in page) == (True, True)

    def test_more_rows_go_on_after_the_last(self, reader: TestClient) -> None:
        every = [item.denial_id for item in items(reader, status=OPEN)]
        rest = listed(reader.get(f"/queue/rows?after={every[0]}", headers={"hx-request": "true"}).text)
        # A series of two stands on top: the row after it is the third denial's.
        (first, *_) = re.findall(r'data-ids="([^"]*)"', reader.get("/queue").text)
        assert rest == every[len(first.split()) :]
        gone = reader.get("/queue/rows?after=den_none", headers={"hx-request": "true"})
        assert (gone.status_code, gone.json()["type"]) == (400, "urn:overturn:problem:bad-cursor")


class TestSearch:
    def test_a_patient_is_found_without_their_name_in_an_address(self, reader: TestClient) -> None:
        (okafor, *_) = [item for item in items(reader) if item.patient and "OKAFOR" in item.patient]
        page = reader.post("/queue/rows", data={"words": "okafor"}, headers={"hx-request": "true"})
        assert okafor.denial_id in listed(page.text)
        assert not re.search(r'(href|hx-get|action|hx-post)="[^"]*okafor', page.text, re.IGNORECASE)

    def test_the_palette_finds_claims_and_leads_to_their_cases(self, reader: TestClient) -> None:
        item = items(reader)[0]
        found = reader.post("/queue/find", json={"words": item.claim_id}).json()["items"]
        assert f"/case/{item.denial_id}" in [each["address"] for each in found]
        assert reader.post("/queue/find", json={"words": "zzqq"}).json() == {"items": []}

    def test_words_that_find_nothing_say_so(self, reader: TestClient) -> None:
        assert "Nothing is found" in reader.post("/queue/rows", data={"words": "zzqq"}).text


class TestMarks:
    def test_what_is_put_on_a_desk_is_found_there_and_told_in_the_timeline(self, client: TestClient) -> None:
        denial_id = items(client, status=OPEN)[0].denial_id
        assert client.post("/queue/assign", data={"ids": denial_id, "to": "me"}).json() == {"says": "Assigned to Demo"}
        assert listed(client.get("/queue?assigned_to=me").text) == [denial_id]
        (practice_id, _), *_ = office_of(client).practices()
        told = {event.kind: event.says for event in office_of(client).timeline(practice_id, denial_id)}
        assert told["assigned"] == "Assigned to Demo, by Demo"
        client.post("/queue/assign", data={"ids": denial_id, "to": ""})
        assert listed(client.get("/queue?assigned_to=me").text) == []

    def test_what_is_snoozed_is_hidden_counted_and_woken(self, client: TestClient) -> None:
        (item, *_) = [
            each for each in items(client, status=OPEN) if each.deadline and each.deadline > date(2026, 5, 31)
        ]
        client.post("/queue/snooze", data={"ids": item.denial_id, "days": "3"})
        page = client.get("/queue").text
        assert item.denial_id not in listed(page)
        assert re.search(r"Snoozed</dt>.*?>1<", page, re.DOTALL)
        assert listed(client.get("/queue?snoozed=only").text) == [item.denial_id]
        client.post("/queue/snooze", data={"ids": item.denial_id, "days": "0"})
        assert item.denial_id in listed(client.get("/queue").text)

    def test_nothing_sleeps_beyond_its_clock(self, client: TestClient) -> None:
        item = min((each for each in items(client, status=OPEN) if each.deadline), key=lambda each: each.deadline)  # type: ignore[arg-type,return-value]
        days = (item.deadline - service_of(client).office.practices()[0][1].as_of).days + 1  # type: ignore[operator]
        refused = client.post(
            "/queue/snooze", data={"ids": item.denial_id, "days": str(days)}, headers={"accept": "*/*"}
        )
        assert refused.status_code == 422
        assert "before it would wake" in refused.json()["detail"]

    def test_nobody_of_another_practice_is_assigned(self, client: TestClient) -> None:
        data = {"ids": items(client)[0].denial_id, "to": "usr_stranger"}
        assert client.post("/queue/assign", data=data).status_code == 422

    def test_an_unknown_denial_marks_none(self, client: TestClient) -> None:
        data = {"ids": [items(client)[0].denial_id, "den_none"], "to": "me"}
        assert client.post("/queue/assign", data=data).status_code == 404
        assert listed(client.get("/queue?assigned_to=me").text) == []

    def test_the_change_is_news_to_pages_made_before(self, client: TestClient) -> None:
        (number,) = re.findall(r'data-number="(\d+)"', client.get("/queue").text)
        assert "changed" not in client.get(f"/queue/news?since={number}").text
        client.post("/queue/assign", data={"ids": items(client)[0].denial_id, "to": "me"})
        assert "1 changed" in client.get(f"/queue/news?since={number}").text


class TestApproving:
    def test_all_or_none_are_approved(self, client: TestClient) -> None:
        waiting = [item.denial_id for item in items(client, status=("in_review",))]
        settled = [item.denial_id for item in items(client, status=("worked",))][:1]
        assert waiting
        refused = client.post(
            "/queue/approve", data={"ids": [*waiting, "den_none"], "reason": "Checked"}, headers={"accept": "*/*"}
        )
        assert refused.status_code == 404
        if settled:
            mixed = client.post(
                "/queue/approve", data={"ids": waiting[:1] + settled, "reason": "Checked"}, headers={"accept": "*/*"}
            )
            assert (mixed.status_code, mixed.json()["type"]) == (422, "urn:overturn:problem:approval-refused")
        assert [item.denial_id for item in items(client, status=("in_review",))] == waiting

    def test_what_may_be_approved_is_and_sent_again_counts_once(self, client: TestClient) -> None:
        for item in items(client, status=("in_review",)):
            data = {"ids": item.denial_id, "reason": "Checked"}
            done = client.post("/queue/approve", data=data, headers={"accept": "*/*"})
            if done.status_code == 200:
                assert done.json() == {"says": "Approved 1 denial"}
                assert items(client, status=("approved",))[0].denial_id == item.denial_id
                return
            assert done.json()["type"].endswith("approval-refused")
        pytest.fail("none of the sample's denials could be approved from the queue")


class TestViews:
    def test_a_view_is_saved_used_replaced_and_removed(self, client: TestClient) -> None:
        for query in ("due=7", "due=14&order=amount"):
            assert client.post("/queue/views", data={"name": " My  week ", "query": query}).status_code == 200
        page = client.get("/queue").text
        assert re.findall(r'href="/queue\?([^"]*)"[^>]*><span class="choice-label">My week', page) == [
            "due=14&amp;order=amount"
        ]
        (view_id,) = re.findall(r"/queue/views/(viw_\w+)/remove", page)
        client.post(f"/queue/views/{view_id}/remove")
        assert "My week" not in client.get("/queue").text
        assert client.post(f"/queue/views/{view_id}/remove", headers={"accept": "*/*"}).status_code == 404

    def test_words_never_get_into_a_view(self, client: TestClient) -> None:
        client.post("/queue/views", data={"name": "v", "query": "words=okafor&due=7&next=//evil"})
        (practice_id, _), *_ = office_of(client).practices()
        with office_of(client).records.reading() as tx:
            assert [view.query for view in tx.views.of(practice_id, "demo")] == ["due=7"]


class TestErrors:
    def test_a_browser_gets_a_page_and_a_program_the_document(self, reader: TestClient) -> None:
        shown = reader.get("/nothing")
        assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "urn:overturn:problem:not-found" in shown.text
        told = reader.get("/nothing", headers={"accept": "application/json"})
        assert told.json()["type"] == "urn:overturn:problem:not-found"
        assert reader.get("/v1/nothing").headers["content-type"] == "application/problem+json"

    def test_an_empty_home_says_how_to_begin(self, tmp_path: Path) -> None:
        with desk(tmp_path / "empty") as client:
            page = client.get("/queue")
            assert page.status_code == 409
            assert "overturn work FOLDER" in page.text

    def test_the_front_leads_to_the_queue(self, reader: TestClient) -> None:
        led = reader.get("/", follow_redirects=False)
        assert (led.status_code, led.headers["location"]) == (303, "/queue")

    def test_a_series_that_is_none_any_more_says_so(self, reader: TestClient) -> None:
        gone = reader.get("/series/ser_none")
        assert (gone.status_code, "no series or batch" in gone.text) == (404, True)


class TestOtherPages:
    @pytest.mark.parametrize("address", ["/series", "/rules", "/outbox", "/outbox?state=failed"])
    def test_each_opens_and_says_what_to_do_where_it_is_empty(self, reader: TestClient, address: str) -> None:
        page = reader.get(address)
        assert page.status_code == 200
        assert "<h1>" in page.text


ANY = st.lists(st.tuples(st.sampled_from(("status", "due", "age", "payer_id", "order", "x")), st.text(max_size=8)))


@given(ANY)
def test_an_address_read_and_written_means_the_same(pairs: list[tuple[str, str]]) -> None:
    asked = asked_in(pairs)
    assert asked_by(asked.query) == asked
    assert asked_by(asked.but()) == asked


def test_setting_a_filter_replaces_it_and_taking_it_off_keeps_the_rest() -> None:
    asked = asked_by("due=7&payer_id=CASC1&order=amount")
    assert asked.but(due="14") == "due=14&payer_id=CASC1&order=amount"
    assert asked.but(due=None) == "payer_id=CASC1&order=amount"
    assert Asked().query == ""
