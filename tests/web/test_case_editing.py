import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_home import PHYSICIAN, UNITS, Browser, browsing
from httpx import Response

from agent.editing.parts import LetterParts, parts_of
from agent.work import Draft
from knowledge.types.letters import LetterContent
from tools.packet.word.outline import letter_print


@pytest.fixture
def browser(cedar_worked: Path, tmp_path: Path) -> Iterator[Browser]:
    home = Path(shutil.copytree(cedar_worked, tmp_path / "home", ignore=shutil.ignore_patterns("*.lock")))
    with browsing(home) as found:
        yield found


def letter(browser: Browser, denial_id: str = UNITS) -> LetterContent:
    with browser.office.records.reading() as repository:
        draft = repository.casework.work(browser.practice_id, denial_id, "draft", Draft)
    assert draft is not None
    assert draft.letter is not None
    return draft.letter


def with_paragraph(parts: LetterParts, at: int, text: str) -> dict[str, Any]:
    found = parts.model_dump(mode="json")
    found["paragraphs"][at]["text"] = text
    return found


def check(browser: Browser, parts: dict[str, Any], print_: str) -> dict[str, Any]:
    answer = browser.client.post(f"/case/{UNITS}/letter/check", json={"letter": print_, "parts": parts})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def save(browser: Browser, parts: dict[str, Any], tag: str | None, denial_id: str = UNITS) -> Response:
    headers = {"accept": "application/json", **({"if-match": f'"{tag}"'} if tag else {})}
    body = {"parts": parts, "reason": "shorter"}
    return browser.client.post(f"/case/{denial_id}/letter", json=body, headers=headers)


WRONG = "On March 9, 2026 the patient received 500 mg, which is 480 units of J9299 [E3, E6, E14]."
RIGHT = "On March 9, 2026 the patient received 480 mg [E6]."
LATER = "The patient received 480 mg on March 9, 2026 [E6]."


def test_a_letter_opens_for_editing_as_it_stands(browser: Browser) -> None:
    text = browser.get(f"/case/{UNITS}/letter/edit", part=True)
    content = letter(browser)
    assert letter_print(content) in text
    assert content.paragraphs[0].text[:40] in text
    unchanged = check(browser, parts_of(content).model_dump(mode="json"), letter_print(content))
    assert unchanged["stands"]
    assert not unchanged["changed"]


def test_what_the_evidence_does_not_say_is_marked_with_why_while_it_is_typed(browser: Browser) -> None:
    content = letter(browser)
    found = check(browser, with_paragraph(parts_of(content), 1, WRONG), letter_print(content))

    assert not found["stands"]
    assert found["changed"]
    assert {fault["where"] for fault in found["faults"]} == {"paragraph 2"}
    assert any("500" in fault["text"] for fault in found["faults"])
    assert found["sentences"][0]["advice"]
    mended = check(browser, with_paragraph(parts_of(content), 1, RIGHT), letter_print(content))
    assert mended["stands"]
    assert mended["changed"]


def test_places_of_faults_are_those_of_the_paragraphs_typed_when_one_before_is_taken_out(browser: Browser) -> None:
    content = letter(browser)
    parts = with_paragraph(parts_of(content), 1, WRONG)
    parts["paragraphs"][0]["text"] = "  "
    found = check(browser, parts, letter_print(content))
    assert found["places"][:2] == [0, 1]
    assert {fault["where"] for fault in found["faults"]} == {"paragraph 1"}


def test_a_letter_that_does_not_stand_is_not_saved(browser: Browser) -> None:
    content = letter(browser)
    answer = save(browser, with_paragraph(parts_of(content), 1, WRONG), browser.tag(UNITS))

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("letter-refused")
    assert answer.json()["sentences"][0]["where"] == "paragraph 2"
    assert letter(browser) == content


def test_a_letter_that_stands_is_saved_and_waits_to_be_approved_anew(browser: Browser) -> None:
    browser.client.post(f"/case/{UNITS}/approve", data={"tag": browser.tag(UNITS)})
    assert browser.record(UNITS).status == "approved"
    page = browser.get(f"/case/{UNITS}/letter/edit", part=True)
    tag = page.split("data-tag='\"")[1].split('"')[0]

    answer = save(browser, with_paragraph(parts_of(letter(browser)), 1, RIGHT), tag)

    assert answer.status_code == 200, answer.text
    assert letter(browser).paragraphs[1].text == RIGHT
    assert letter(browser).person_wrote == (RIGHT,)
    assert browser.record(UNITS).status == "in_review"
    told = browser.get(answer.json()["address"])
    assert "The letter was saved" in told
    assert "Edited by Demo" in told


def test_words_that_were_taken_out_can_be_put_in_again_and_again(browser: Browser) -> None:
    first = parts_of(letter(browser))
    for text in (RIGHT, LATER, RIGHT, LATER, RIGHT):
        answer = save(browser, with_paragraph(first, 1, text), browser.tag(UNITS))
        assert answer.status_code == 200, answer.text
        assert letter(browser).paragraphs[1].text == text


def test_a_paragraph_of_the_draft_that_was_changed_can_be_put_back(browser: Browser) -> None:
    drafted = letter(browser)
    first = parts_of(drafted)
    assert save(browser, with_paragraph(first, 1, RIGHT), browser.tag(UNITS)).status_code == 200
    edited = letter(browser)
    assert edited.set_aside == (drafted.paragraphs[1],)
    back = first.model_dump(mode="json")
    assert check(browser, back, letter_print(edited))["stands"]
    assert save(browser, back, browser.tag(UNITS)).status_code == 200
    assert letter(browser) == drafted
    assert save(browser, with_paragraph(first, 1, WRONG), browser.tag(UNITS)).status_code == 422


def test_of_two_editors_the_second_overwrites_nothing(browser: Browser) -> None:
    content, tag = letter(browser), browser.tag(UNITS)
    assert save(browser, with_paragraph(parts_of(content), 1, RIGHT), tag).status_code == 200

    second = save(browser, with_paragraph(parts_of(content), 3, ""), tag)
    assert second.status_code == 412
    assert second.json()["type"].endswith("version-outdated")
    assert save(browser, with_paragraph(parts_of(content), 3, ""), None).status_code == 428
    stale = browser.client.post(
        f"/case/{UNITS}/letter/check",
        json={"letter": "0" * 16, "parts": parts_of(content).model_dump(mode="json")},
    )
    assert stale.status_code == 412
    assert letter(browser).paragraphs[1].text == RIGHT
    assert letter(browser).paragraphs[3].text


def test_a_letter_without_a_request_or_change_is_not_saved(browser: Browser) -> None:
    parts, tag = parts_of(letter(browser)).model_dump(mode="json"), browser.tag(UNITS)
    assert save(browser, parts, tag).status_code == 422
    assert save(browser, {**parts, "request": ""}, tag).status_code == 422
    assert browser.client.get(f"/case/{PHYSICIAN}/letter/edit").status_code == 200
