"""Listings by the page: every list has a cursor, and what comes or goes between two pages shifts nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.paging import ordered_page, read_place, write_cursor
from api.problems import ProblemError
from api.settings import Settings

BOUNDED = {
    "/v1/insight/sums": "one cell a payer, drug, cause, site or month",
    "/v1/insight/overturned": "one rate a payer, cause, drug or argument",
    "/v1/insight/recurring": "at most `limit` habits, the dearest",
    "/v1/denials/{denial_id}": "one denial, with what belongs to it",
    "/v1/denials/{denial_id}/timeline": "one denial's life",
    "/v1/denials/{denial_id}/letter": "one letter",
    "/v1/series/{group_id}": "one series, read and decided as a whole",
    "/v1/rules/{rule_id}": "one rule, with its life",
    "/v1/webhooks/{webhook_id}": "one webhook, with its kinds",
    "/v1/events": "follows its own last event, for ever: `after`, `last`, `more`",
}
"""Answers that hold a list and come without a cursor, and why the list has an end."""


def test_every_listing_of_the_api_comes_by_the_page() -> None:
    described = create_app(Settings(home=Path(), api_key=None, demo=True)).openapi()
    schemas = described["components"]["schemas"]
    unpaged, paged = set(), set()
    for path, methods in described["paths"].items():
        content = methods.get("get", {"responses": {}})["responses"].get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        properties = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema).get("properties", {})
        if path.startswith("/v1/") and any(_lists(one) for one in properties.values()):
            asked = {one["name"] for one in methods["get"].get("parameters", ())}
            (paged if {"limit", "cursor"} <= asked and "next_cursor" in properties else unpaged).add(path)
    assert unpaged <= BOUNDED.keys(), f"lists without a cursor: {sorted(unpaged - BOUNDED.keys())}"
    assert {"/v1/denials", "/v1/outcomes", "/v1/watch", "/v1/sweep", "/v1/outcomes/unanswered"} <= paged


def _lists(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "array" or any(_lists(one) for one in schema.get("anyOf", ()))


Places = st.sets(st.tuples(st.sampled_from("abc"), st.text(max_size=3)), max_size=12)


@given(before=Places, came=Places, went=Places, limit=st.integers(1, 4), turn=st.integers(0, 4))
def test_an_item_that_is_there_all_along_is_given_once_whatever_comes_and_goes(
    before: set[tuple[str, ...]], came: set[tuple[str, ...]], went: set[tuple[str, ...]], limit: int, turn: int
) -> None:
    later = (before | came) - went
    got: list[tuple[str, ...]] = []
    cursor, pages = None, 0
    while True:
        held = before if pages < turn else later
        page, cursor = ordered_page("list", held, lambda one: one, read_place("list", cursor), limit)
        got += page
        pages += 1
        if cursor is None:
            break
    assert got == sorted(set(got))
    assert set(got) >= (before & later if pages > turn else before)


@pytest.mark.parametrize("after", ["no json", "[1]", '{"a": 1}'])
def test_a_cursor_that_was_never_given_is_refused(after: str) -> None:
    with pytest.raises(ProblemError, match="start again"):
        read_place("list", write_cursor("list", after))
    with pytest.raises(ProblemError, match="start again"):
        read_place("list", write_cursor("another", '["a"]'))
