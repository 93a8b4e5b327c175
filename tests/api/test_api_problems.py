"""Every problem is known, explained, and answered somewhere."""

import re
from pathlib import Path

from fastapi.testclient import TestClient

from api.description_parts import ELSEWHERE
from api.problem_kinds import KINDS, PAGE, URN, page

SOURCES = [path for path in (Path(__file__).parents[2] / "api").rglob("*.py")]


def test_the_page_of_errors_is_the_one_made_of_the_kinds() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it anew: python -m api.problem_kinds"
    assert all(f"### {name}\n" in page() for name in KINDS)


def test_every_kind_is_answered_somewhere_and_none_is_answered_that_is_not_explained() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    raised = set(re.findall(r"ProblemError\(\s*\"([a-z-]+)\"", text))
    assert raised <= KINDS.keys()
    assert not {name for name in KINDS if f'"{name}"' not in text}


def test_the_page_at_api_leads_to_each_kind(reader: TestClient) -> None:
    shown = reader.get("/api").text
    assert all(f"id='{name}'" in shown for name in KINDS)
    assert URN in shown


def test_every_kind_is_described_where_it_may_be_answered(reader: TestClient) -> None:
    described = reader.get("/openapi.json").json()
    said = {
        name
        for methods in described["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for name in re.findall(r"`([a-z-]+)`:", answer["description"])
    }
    assert said | ELSEWHERE == set(KINDS)
    known = described["components"]["schemas"]["Problem"]["properties"]["type"]["x-extensible-enum"]
    assert known == [f"{URN}{name}" for name in KINDS]
