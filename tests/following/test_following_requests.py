"""A payer's electronic request for records: the denial's answer carries its number and day; other claims are told."""

import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console
from sending_home import CEDAR, Clock, Practice
from x12_builders import PLAIN, enveloped, transaction

from agent.following.timeline import timeline
from agent.office import Office
from agent.watching.sweeping import sweep_practice
from api.terminal.sweep import show_sweep
from knowledge.types.cash import CashFinding
from knowledge.types.record import DenialRecord

VISIT = "den_5cd0acdc9d402c82c59f"
"""A visit denied until its records come."""
PARTS = ("practice.yaml", "payers.yaml", "claims/plnmc_20260324.837", "remits/pcc0415.835")
PENDED = "CED26-0399"
"""A claim sent to the same payer that no remit has answered."""
HEAD = [
    *("BHT*0085*48*1*20260420*1200*RQ", "HL*1**20*1", "NM1*PR*2*PLAINS COMMUNITY CARE*****PI*PLNMC", "HL*2*1*21*1"),
    *("NM1*41*2*CEDAR*****46*1", "HL*3*2*19*1", "NM1*1P*2*CEDAR*****XX*1999999992"),
]


def asks(number: str, claim: str, due: str, *codes: str, payer: str = "") -> list[str]:
    who = ["HL*4*3*PT", "NM1*QC*1*HADDAD*SAMIR****MI*PCC220350", f"TRN*1*{number}"]
    wanted = [f"STC*R4:{code}::LOI*20260420" for code in codes]
    return [
        *who,
        *wanted,
        f"DTP*106*D8*{due}",
        f"REF*EJ*{claim}",
        *([f"REF*1K*{payer}"] if payer else []),
        "REF*EA*M77",
    ]


def file(*requests: list[str]) -> bytes:
    body = [*HEAD, *(segment for request in requests for segment in request)]
    return PLAIN.render(enveloped([transaction("277", body)], functional="HN", version="005010X213"))


@pytest.fixture(scope="module")
def asked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The visit and its chart, worked; then three requests taken in: for it, for a pended claim, for a stranger's."""
    root = tmp_path_factory.mktemp("asked")
    charts = [f"charts/{path.name}" for path in (CEDAR / "charts").iterdir() if b"PCC220350" in path.read_bytes()]
    for part in (*PARTS, *charts):
        (root / "folder" / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CEDAR / part, root / "folder" / part)
    sent = root / "folder" / PARTS[2]
    later = sent.read_bytes().replace(b"CED26-0321", PENDED.encode()).replace(b"520047", b"520048")
    sent.with_name("plnmc_later.837").write_bytes(later)
    clock = Clock()
    with Office.open(root / "home", clock) as office:
        practice_id = office.take_folder(root / "folder").practice_id
        assert practice_id is not None
        office.work(practice_id)
        clock.now = datetime(2026, 5, 1, 13, tzinfo=UTC)
        requests = file(
            asks("RFAI778", "CED26-0321", "20260512", "11506-3", payer="PC2026260321"),
            asks("RFAI779", PENDED, "20260520", "11526-1", "99999-1"),
            asks("RFAI780", "NOBODY-1", "20260519", "11506-3"),
        )
        report = office.take_file(practice_id, "acknowledgement", "plains_rfai.277", requests)
        assert [one.outcome for one in report.files] == ["new"], report.findings
        office.work(practice_id)
    return root / "home"


@pytest.fixture
def practice(asked_home: Path) -> Iterator[Practice]:
    with Office.open(asked_home, Clock()) as office:
        yield Practice(office)


def record(practice: Practice) -> DenialRecord:
    found = practice.office.record(practice.practice_id, VISIT)
    assert found is not None
    return found


def found(practice: Practice) -> dict[str, CashFinding]:
    with practice.office.records.reading() as repository:
        whole = repository.outcomes.cash(practice.practice_id)
    assert whole is not None
    return {one.says.partition("its number ")[2].partition(".")[0]: one for one in whole.findings if "asks" in one.says}


def test_the_denial_carries_the_requests_day_as_its_first_clock_and_its_evidence(practice: Practice) -> None:
    made = record(practice)
    assert (made.remedy, made.deadlines[0].action, made.deadlines[0].date) == (
        "send_records",
        "send_records",
        "2026-05-12",
    )
    assert "RFAI778" in made.deadlines[0].rule
    assert any("asks under its number RFAI778 for note, by 2026-05-12" in item.says for item in made.evidence), [
        item.says for item in made.evidence
    ]


def test_the_answer_goes_under_the_payers_number_with_what_a_275_gives_back(practice: Practice) -> None:
    (path,) = practice.office.home.glob(f"products/*/{VISIT}/records-response.json")
    answer = json.loads(path.read_text())
    assert (answer["control_number"], answer["control_number_from"]) == ("RFAI778", "payer's request")
    assert answer["request"] == {
        "trace": "RFAI778",
        "claim_number": "CED26-0321",
        "medical_record": "M77",
        "asked": ["R4:11506-3::LOI"],
        "due_on": "2026-05-12",
    }
    assert [(one["kind"], one["asked_by"]) for one in answer["requested"]] == [("note", ["LOINC 11506-3"])]
    entries = timeline(practice.office.records, practice.practice_id, VISIT)
    assert [e.says for e in entries if e.kind == "payer_status"] == [
        "the payer asks for records by 2026-05-12 (its number RFAI778)"
    ]


def test_a_request_for_a_claim_that_is_not_denied_is_told_with_its_day(practice: Practice) -> None:
    told = found(practice)["RFAI779"]
    assert (told.code, told.at) == ("records-requested", date(2026, 5, 20))
    assert "pathology and document of LOINC 99999-1 by 2026-05-20" in told.says


def test_a_request_for_no_claim_of_ours_is_kept_and_told_as_unmatched(practice: Practice) -> None:
    told = found(practice)["RFAI780"]
    assert (told.code, told.at) == ("records-request-unmatched", date(2026, 5, 19))
    assert "find out whose it is" in told.says
    assert "plains_rfai.277" in told.source


def test_the_sweep_lists_what_is_asked_and_no_denial_answers_the_first_due_first(practice: Practice) -> None:
    swept = sweep_practice(practice.office.records, practice.practice_id, date(2026, 5, 18))
    assert [(one.due, one.days_left) for one in swept.asked] == [(date(2026, 5, 19), 1), (date(2026, 5, 20), 2)]
    assert "RFAI780" in swept.asked[0].says
    shown = io.StringIO()
    show_sweep(Console(file=shown, width=200), swept)
    assert "Records asked for, no denial yet: 2 requests" in shown.getvalue()
