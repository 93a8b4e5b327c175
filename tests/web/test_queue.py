"""The queue's page: what it lists, what its filters count, what is done to rows, and what stands in no address."""

import re
from datetime import date
from pathlib import Path

import pytest
from desk import CEDAR, desk, office_of, service_of
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.web.file_kinds import kind_of
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
        assert client.post("/queue/assign", data={"ids": denial_id, "to": "me"}).json()["says"] == "Assigned to Demo"
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


def seen(client: TestClient, *ids: str) -> dict[str, str]:
    """What the dialog shows of cases: the tag of each that can be approved."""
    shown = client.post("/queue/look", data={"ids": ids}, headers={"hx-request": "true"}).text
    return dict(re.findall(r'name="seen" value="(\w+):(\w+)"[^>]* checked', shown))


def approve(client: TestClient, tags: dict[str, str]) -> dict[str, object]:
    data = {"seen": [f"{name}:{tag}" for name, tag in tags.items()], "reason": "Checked"}
    answer = client.post("/queue/approve", data=data, headers={"accept": "*/*"})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


class TestApproving:
    def test_each_is_approved_as_it_was_shown_and_undone(self, client: TestClient) -> None:
        waiting = [item.denial_id for item in items(client, status=("in_review",))]
        tags = seen(client, *waiting)
        assert tags
        done = approve(client, tags)
        assert (done["done"], done["left"], done["undo"]) == (list(tags), [], list(tags))
        assert {item.denial_id for item in items(client, status=("approved",))} == set(tags)
        for _ in range(2):
            undone = client.post("/queue/take-back", data={"ids": list(tags)}).json()
            assert (undone["done"], undone["left"]) == (list(tags), [])
            assert [item.denial_id for item in items(client, status=("in_review",))] == waiting
            assert approve(client, seen(client, *waiting))["done"] == list(tags), "and approved alike again"
            assert {item.denial_id for item in items(client, status=("approved",))} == set(tags)

    def test_one_that_changed_since_it_was_shown_is_left_and_named(self, client: TestClient) -> None:
        tags = seen(client, *[item.denial_id for item in items(client, status=("in_review",))])
        (first, *_) = tags
        approve(client, {first: tags[first]})
        client.post("/queue/take-back", data={"ids": first})  # decided on and taken back: not what was shown
        told = approve(client, tags)
        assert [one["denial_id"] for one in told["left"]] == [first]  # type: ignore[attr-defined]
        assert "changed since it was shown" in told["left"][0]["why"]  # type: ignore[index]
        assert told["done"] == [name for name in tags if name != first]

    def test_what_was_not_looked_at_is_not_approved(self, client: TestClient) -> None:
        waiting = items(client, status=("in_review",))[0].denial_id
        for value, status in ((waiting, 422), (f"{waiting}:", 422), ("den_none:abc", 404)):
            data = {"seen": value, "reason": "Checked"}
            assert client.post("/queue/approve", data=data, headers={"accept": "*/*"}).status_code == status
        assert not items(client, status=("approved",))

    def test_the_dialog_says_what_cannot_go_with_the_others_and_why(self, client: TestClient) -> None:
        settled = items(client, status=("worked",))[0]
        shown = client.post("/queue/look", data={"ids": settled.denial_id}, headers={"hx-request": "true"}).text
        assert "it waits for nobody" in shown
        assert not seen(client, settled.denial_id)


class TestUndoing:
    def test_a_snooze_is_undone_unless_somebody_set_it_anew(self, client: TestClient) -> None:
        (item, *_) = [each for each in items(client, status=OPEN) if each.deadline is None or each.deadline.month > 5]
        for days in ("3", "7"):
            done = client.post("/queue/snooze", data={"ids": item.denial_id, "days": days}).json()
        first = client.post("/queue/snooze", data={"ids": item.denial_id, "days": "14"}).json()["undo"]
        assert first["was"] == {item.denial_id: done["undo"]["now"]}
        assert client.post("/queue/restore", json=first).json() == {"says": "Undone"}
        assert "changed since" in client.post("/queue/restore", json=first).json()["says"]

    def test_a_desk_is_put_back(self, client: TestClient) -> None:
        denial_id = items(client, status=OPEN)[0].denial_id
        undo = client.post("/queue/assign", data={"ids": denial_id, "to": "me"}).json()["undo"]
        client.post("/queue/restore", json=undo)
        assert listed(client.get("/queue?assigned_to=me").text) == []

    def test_no_day_is_no_snooze(self, client: TestClient) -> None:
        undo = {"mark": "snoozed_until", "now": None, "was": {"den_1": "soon"}}
        assert client.post("/queue/restore", json=undo).status_code == 422


class TestQuestions:
    def test_what_waits_for_a_clinician_and_what_was_answered_is_found(self, client: TestClient) -> None:
        denial_id = items(client, status=("in_review",))[0].denial_id
        assert "Question to a clinician" not in client.get("/queue").text
        client.post(f"/case/{denial_id}/ask", data={"question": "Was the dose reduced?", "of": "Dr. Who"})
        page = client.get("/queue?question=waiting").text
        assert (listed(page), "clinician asked" in page) == ([denial_id], True)
        assert (
            listed(client.get("/queue?question=me").text) == listed(client.get("/queue?question=answered").text) == []
        )
        (practice_id, _), *_ = office_of(client).practices()
        with office_of(client).records.reading() as tx:
            (asked,) = tx.questions.waiting(practice_id)
        client.post(f"/case/{denial_id}/answer", data={"key": asked.key, "text": "Yes, by a fifth."})
        answered = client.get("/queue?question=answered").text
        assert (listed(answered), "Questions answered" in answered) == ([denial_id], True)
        assert listed(client.get("/queue?question=waiting").text) == []


class TestFiles:
    def test_a_file_is_known_by_what_stands_in_it_and_told_what_became_of_it(self, client: TestClient) -> None:
        claims = CEDAR / "claims" / "suma_20260327.837"
        for outcome in ("new", "known"):
            files = {"file": ("anything.txt", claims.read_bytes())}
            told = client.post("/queue/files?more=true", files=files).json()
            assert (told["kind"], told["outcome"]) == ("Claims (837)", outcome)

    def test_what_is_none_of_ours_is_refused_with_what_would_be(self, client: TestClient) -> None:
        refused = client.post("/queue/files", files={"file": ("cat.jpg", b"\xff\xd8\xff")}, headers={"accept": "*/*"})
        assert refused.status_code == 422
        assert "no remittance (835)" in refused.json()["detail"]

    @pytest.mark.parametrize(
        "kind", ["remits", "claims", "acks", "auths", "charts", "coverage", "contracts", "policies"]
    )
    def test_every_kind_of_the_sample_is_told(self, kind: str) -> None:
        way = {"acks": "acknowledgement", "auths": "authorization", "policies": "policy", "coverage": "coverage"}
        for path in (CEDAR / kind).iterdir():
            assert kind_of(path.read_bytes()) == way.get(kind, kind.removesuffix("s")), path.name
        assert kind_of((CEDAR / "payers.yaml").read_bytes()) == "payers"


class TestPractice:
    def test_a_practice_named_goes_along_in_every_link(self, reader: TestClient) -> None:
        (practice_id, _), *_ = office_of(reader).practices()
        for address in ("/queue", "/series", "/outbox", "/dashboard", "/rules"):
            page = reader.get(f"{address}?practice={practice_id}").text
            links = re.findall(
                r'(?:href|hx-get|hx-post|action)="(/(?:queue|case|series|outbox|dashboard|rules)[^"#]*)', page
            )
            bare = [one for one in links if f"practice={practice_id}" not in one]
            assert not [one for one in bare if one not in ("/queue/practice", "/dashboard")], address

    def test_a_saved_view_holds_no_practice(self, client: TestClient) -> None:
        (practice_id, _), *_ = office_of(client).practices()
        query = f"practice={practice_id}&due=7"
        saved = client.post(
            f"/queue/views?practice={practice_id}", data={"name": "v", "query": query}, follow_redirects=False
        )
        assert saved.headers["location"] == f"/queue?{query}"
        with office_of(client).records.reading() as tx:
            assert [view.query for view in tx.views.of(practice_id, "demo")] == ["due=7"]


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
