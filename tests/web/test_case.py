import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from case_home import CLAIM, FIRST, PHYSICIAN, SECOND, UNITS, WRITE_OFF, Browser, browsing

from agent.sending.channels.folder import Folder
from agent.sending.outbox import send
from agent.work import Draft
from api.access.principal import with_role
from api.web.case_standing import Standing, standing_of


@pytest.fixture(scope="module")
def reader(cedar_worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Only read."""
    home = Path(shutil.copytree(cedar_worked, tmp_path_factory.mktemp("case") / "home"))
    with browsing(home) as browser:
        yield browser


@pytest.fixture
def browser(cedar_worked: Path, tmp_path: Path) -> Iterator[Browser]:
    home = Path(shutil.copytree(cedar_worked, tmp_path / "home", ignore=shutil.ignore_patterns("*.lock")))
    with browsing(home) as found:
        yield found


def test_every_case_of_the_sample_opens_and_so_does_every_source_it_names(reader: Browser) -> None:
    opened = 0
    for record in reader.office.records_of(reader.practice_id):
        text = reader.get(f"/case/{record.denial_id}")
        assert record.remit.claim_id in text
        for address in sorted(set(re.findall(r'hx-get="(/case/[^"]+/source/[^"]+)"', text))):
            part = reader.get(address, part=True)
            assert "<html" not in part
            assert "not in the records any more" not in part, address
            assert "not where they stood" not in part, address
            opened += 1
    assert opened > 400


def test_a_statement_opens_its_file_with_its_own_words_marked(reader: Browser) -> None:
    remit = reader.get(f"/case/{UNITS}/source/E1", part=True)
    claim = reader.get(f"/case/{UNITS}/source/E3", part=True)
    row = reader.get(f"/case/{UNITS}/source/E2", part=True)
    clock = reader.get(f"/case/{UNITS}/source/deadline-0", part=True)

    assert "<mark>CAS*CO*198*21600</mark>" in remit
    assert "<mark>SV1*HC:J9299:JZ*21600*UN*480***1</mark>" in claim
    assert "<mark>CHP-55102</mark>" in row
    assert "auth number" in row
    assert re.search(r'class="here".{0,120}retro_authorization_days: 60', clock, re.DOTALL)


def test_a_policy_opens_at_the_sentence_that_was_quoted(reader: Browser) -> None:
    quoted = [
        (record.denial_id, item.id, " ".join((item.quote or "").split()))
        for record in reader.office.records_of(reader.practice_id)
        for item in record.evidence
        if item.kind == "policy" and item.quote
    ]
    assert quoted
    for denial_id, evidence, quote in quoted:
        shown = reader.get(f"/case/{denial_id}/source/{evidence}", part=True)
        marks = [" ".join(found.split()) for found in re.findall(r"<mark>(.*?)</mark>", shown, re.DOTALL)]
        assert quote in [mark.replace("&#39;", "'").replace("&#34;", '"') for mark in marks]


def test_an_id_of_another_case_opens_nothing(reader: Browser) -> None:
    assert reader.client.get(f"/case/{UNITS}/source/E99").status_code == 404
    assert reader.client.get("/case/den_nobody").status_code == 404
    assert reader.client.get(f"/case/{UNITS}/made/..%2F..%2Fovertur.db").status_code == 404


def test_the_page_says_what_its_pdf_says_and_shows_the_cell_that_decides(reader: Browser) -> None:
    text = reader.get(f"/case/{UNITS}")
    with reader.office.records.reading() as repository:
        draft = repository.casework.work(reader.practice_id, UNITS, "draft", Draft)
    assert draft is not None
    assert draft.letter is not None
    for fact in draft.letter.facts:
        assert fact.label in text
    assert draft.letter.subject in text
    assert draft.letter.ask in text
    assert re.search(r'class="mismatch">0<', text)
    assert "Exhibit 3 – Authorization CHP-55102" in text
    assert "Facts that decide" in text
    packet = reader.client.get(f"/case/{UNITS}/made/packet")
    assert packet.content.startswith(b"%PDF")
    assert packet.headers["content-type"] == "application/pdf"


def test_a_corrected_claim_is_shown_before_and_after(reader: Browser) -> None:
    text = reader.get(f"/case/{CLAIM}")
    assert "<del>Q5119</del>" in text
    assert "<ins>Q5115</ins>" in text
    assert reader.client.get(f"/case/{CLAIM}/made/corrected_claim").text.startswith("ISA")


def test_approving_goes_on_to_the_next_of_the_list_and_can_be_undone(browser: Browser) -> None:
    answer = browser.client.post(
        f"/case/{UNITS}/approve?payer_id=CASC1&status=in_review", data={"tag": browser.tag(UNITS)}
    )

    assert answer.status_code == 303
    following = answer.headers["location"]
    assert "payer_id=CASC1" in following
    assert f"of={UNITS}" in following
    assert UNITS not in following.split("?")[0]
    after = browser.record(following.split("/case/")[1].split("?")[0])
    assert after.remit.payer_id == "CASC1"
    assert after.status == "in_review"
    assert browser.record(UNITS).status == "approved"
    told = browser.get(following)
    assert "Approved: claim CED26-0309" in told
    assert f'action="/case/{UNITS}/take-back' in told

    undone = browser.client.post(f"/case/{UNITS}/take-back")

    assert undone.status_code == 303
    assert browser.record(UNITS).status == "in_review"
    again = browser.client.post(f"/case/{UNITS}/approve", data={"tag": browser.tag(UNITS)})
    assert again.status_code == 303
    assert browser.record(UNITS).status == "approved"


def test_what_was_handed_over_is_not_taken_back(browser: Browser, tmp_path: Path) -> None:
    form = {"tag": browser.tag(PHYSICIAN), "signed_by": "Dana Ruiz MD"}
    browser.client.post(f"/case/{PHYSICIAN}/approve", data=form)
    out = tmp_path / "out"
    out.mkdir()
    sent = send(browser.office, browser.practice_id, Folder(out, browser.office.clock), frozenset({PHYSICIAN}))
    assert [one.state for one in sent.sends] == ["handed_over"], sent

    answer = browser.client.post(f"/case/{PHYSICIAN}/take-back")

    assert answer.status_code == 409
    assert "handed over" in answer.text
    assert f'action="/case/{PHYSICIAN}/take-back' not in browser.get(f"/case/{PHYSICIAN}")


def test_a_page_that_is_out_of_date_decides_nothing(browser: Browser) -> None:
    old = browser.tag(FIRST)
    browser.client.post(f"/case/{FIRST}/reject", data={"tag": old, "reason": "the payer extended it by telephone"})
    browser.client.post(f"/case/{FIRST}/take-back")

    for tag in (old, ""):
        answer = browser.client.post(f"/case/{FIRST}/approve", data={"tag": tag})
        assert answer.status_code == 412
        assert "Somebody changed this case" in answer.text
    assert browser.record(FIRST).status == "in_review"


def test_a_rejection_needs_its_reason_and_can_be_taken_back(browser: Browser) -> None:
    tag = browser.tag(FIRST)
    assert browser.client.post(f"/case/{FIRST}/reject", data={"tag": tag, "reason": " "}).status_code == 422
    assert browser.record(FIRST).status == "in_review"

    assert browser.client.post(f"/case/{FIRST}/reject", data={"tag": tag, "reason": "Not ours"}).status_code == 303
    assert browser.record(FIRST).status == "closed"
    browser.client.post(f"/case/{FIRST}/take-back")
    assert browser.record(FIRST).status == "in_review"
    assert "took the decision back" in browser.get(f"/case/{FIRST}")


def test_a_physicians_letter_is_approved_with_the_signer_named(browser: Browser) -> None:
    text = browser.get(f"/case/{PHYSICIAN}")
    assert "Whose signature was obtained" in text
    assert "<option selected>Dana Ruiz MD</option>" in text
    tag = browser.tag(PHYSICIAN)

    refused = browser.client.post(f"/case/{PHYSICIAN}/approve", data={"tag": tag})
    assert refused.status_code == 422
    assert "a physician must sign" in refused.text.lower().replace("&#39;", "'")
    given = browser.client.post(f"/case/{PHYSICIAN}/approve", data={"tag": tag, "signed_by": "Dana Ruiz MD"})
    assert given.status_code == 303
    assert browser.record(PHYSICIAN).status == "approved"


def test_a_question_to_a_clinician_comes_back_as_a_note(browser: Browser) -> None:
    browser.client.post(f"/case/{UNITS}/ask", data={"question": "Was the scan done?", "of": "Dana Ruiz MD"})
    asked = browser.get(f"/case/{UNITS}")
    assert "asks Dana Ruiz MD:</strong> Was the scan done?" in asked
    key = asked.split('name="key" value="')[1].split('"')[0]
    with browser.office.records.reading() as repository:
        assert [one.denial_id for one in repository.questions.waiting(browser.practice_id)] == [UNITS]

    browser.client.post(f"/case/{UNITS}/answer", data={"key": key, "text": "Yes, on 2 March."})
    browser.client.post(f"/case/{UNITS}/answer", data={"key": key, "text": "No."})

    told = browser.get(f"/case/{UNITS}")
    assert "answered:</strong> Yes, on 2 March." in told
    assert "No." not in told
    assert "answers: Yes, on 2 March." in told  # on the timeline, too

    for _ in range(2):  # asked in the same words on the same day, and sent twice
        browser.client.post(f"/case/{UNITS}/ask", data={"question": "Was the scan done?", "of": "Dana Ruiz MD"})
    with browser.office.records.reading() as repository:
        assert [one.denial_id for one in repository.questions.waiting(browser.practice_id)] == [UNITS]


def test_a_case_is_assigned_snoozed_and_woken(browser: Browser) -> None:
    def row() -> tuple[str | None, date | None]:
        with browser.office.records.reading() as repository:
            item = repository.worklist.get(browser.practice_id, UNITS)
        assert item is not None
        return item.assigned_to, item.snoozed_until

    assert browser.client.post(f"/case/{UNITS}/assign", data={"to": "demo"}).status_code == 303
    assert row() == ("demo", None)
    assert browser.client.post(f"/case/{UNITS}/assign", data={"to": "stranger"}).status_code == 422
    snoozed = browser.client.post(f"/case/{UNITS}/snooze", data={"until": "2026-05-08"})
    assert row() == ("demo", date(2026, 5, 8))
    assert UNITS not in snoozed.headers["location"].split("?")[0]
    assert browser.client.post(f"/case/{UNITS}/snooze", data={"until": "soon"}).status_code == 422
    browser.client.post(f"/case/{UNITS}/snooze")
    browser.client.post(f"/case/{UNITS}/assign")
    assert row() == (None, None)


def test_a_series_is_approved_from_one_of_its_cases(browser: Browser) -> None:
    text = browser.get(f"/case/{FIRST}")
    assert "Approve all 2" in text
    group = text.split('name="group" value="')[1].split('"')[0]

    answer = browser.client.post(f"/case/{FIRST}/together", data={"group": group})

    assert answer.status_code == 303, answer.text
    assert {browser.record(FIRST).status, browser.record(SECOND).status} == {"approved"}


def _standing(reader: Browser, denial_id: str, role: str) -> Standing:
    practice_id = reader.practice_id
    with reader.office.records.reading() as repository:
        draft = repository.casework.work(practice_id, denial_id, "draft", Draft)
        practice = repository.files.practice(practice_id)
    assert practice is not None
    person = with_role("u", "user", "Lee", role, None)  # type: ignore[arg-type]  # roles of the tests below
    return standing_of(reader.record(denial_id), draft, person, practice, None, None, ())


def test_what_a_role_may_not_approve_is_said_before_it_is_tried_with_what_to_do(reader: Browser) -> None:
    biller = _standing(reader, WRITE_OFF, "biller")
    assert not biller.may_approve
    assert biller.hindrances == (
        (
            "Remedy write off is for a manager to approve: it gives up money the practice has earned. "
            "You decide as biller.",
            "Assign it to a manager; it stays in the queue until then.",
        ),
    )
    assert _standing(reader, WRITE_OFF, "manager").may_approve
    assert _standing(reader, UNITS, "biller").may_approve
    assert not _standing(reader, UNITS, "clinician").may_assign


def test_no_patient_stands_in_an_address_of_the_page(reader: Browser) -> None:
    text = reader.get(f"/case/{UNITS}")
    addresses = " ".join(re.findall(r'(?:href|action|hx-get|hx-post|data-\w+)="([^"]*)"', text)).casefold()
    assert "bianchi" in text.casefold()
    assert not any(word in addresses for word in ("bianchi", "paolo", "chp400731", "ced26-0309"))
