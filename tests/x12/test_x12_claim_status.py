"""Claim status responses (277, 005010X212)."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from x12_builders import PLAIN, Style, enveloped, transaction

from knowledge.types.claim_status import ClaimStatus
from knowledge.types.reading import ReadingFinding
from tools.x12.claim_status import is_status_response, read_claim_status

TOP = [
    "BHT*0010*08*1*20260610*1200*DG",
    "HL*1**20*1",
    "NM1*PR*2*CASCADE HEALTH*****PI*CASC1",
    "HL*2*1*21*1",
    "NM1*41*2*CEDAR*****46*1",
    "HL*3*2*19*1",
    "NM1*1P*2*CEDAR*****XX*1999999992",
]
DENIED = [
    "HL*4*3*22*0",
    "NM1*IL*1*ALDER*SUE****MI*W1",
    "TRN*2*TRACE1",
    "STC*F2:585*20260609**1000*0*20260605",
    "REF*1K*ICN1",
    "REF*EJ*C1",
    "DTP*472*RD8*20260316-20260317",
    "SVC*HC:J9271:JZ*900*0****200",
    "STC*F2:107*20260609**900*0*20260605",
    "REF*FJ*LINE1",
    "DTP*472*D8*20260316",
    "SVC*HC:96413*100*80",
    "STC*F1:65*20260609**100*80*20260605**20260607*CHK9",
]
DEPENDENT = [
    "HL*5*4*23",
    "NM1*QC*1*ALDER*TOM",
    "TRN*2*C2",
    "STC*P1:20*20260609",
]


def file(*parts: list[str], style: Style = PLAIN, version: str = "005010X212") -> bytes:
    body = [segment for part in parts for segment in part]
    return style.render(enveloped([transaction("277", body)], functional="HN", version=version))


def read(data: bytes) -> tuple[list[ClaimStatus], list[ReadingFinding]]:
    events = list(read_claim_status(data, "f.277"))
    statuses = [event for event in events if isinstance(event, ClaimStatus)]
    return statuses, [event for event in events if isinstance(event, ReadingFinding)]


def test_a_claim_and_its_lines_are_read_with_days_and_amounts() -> None:
    (first, second), findings = read(file(TOP, DENIED, DEPENDENT))
    assert findings == []
    assert (first.claim_id, first.trace, first.payer_claim_number) == ("C1", "TRACE1", "ICN1")
    assert (first.source_id, first.member_id, first.produced_on) == ("CASC1", "W1", date(2026, 6, 10))
    (status,) = first.statuses
    assert (status.category, status.status, status.decided_on) == ("F2", "585", date(2026, 6, 5))
    drug, infusion = first.lines
    assert (drug.hcpcs, drug.charge, drug.line_control) == ("J9271", Decimal(900), "LINE1")
    assert drug.service_date == date(2026, 3, 16)
    assert (infusion.statuses[0].paid, infusion.statuses[0].check) == (Decimal(80), "CHK9")
    assert (second.claim_id, second.member_id, second.statuses[0].category) == ("C2", "W1", "P1")


def test_a_status_response_is_told_from_an_acknowledgement() -> None:
    assert is_status_response(file(TOP, DENIED), "f.277")
    assert not is_status_response(file(TOP, version="005010X214"), "f.277")
    assert not is_status_response(b"", "f.277")
    assert not is_status_response(b"garbage" * 50, "f.277")


def test_a_claim_without_a_number_or_a_status_is_said_and_not_read() -> None:
    nameless = ["HL*4*3*22*0", "NM1*IL*1*ALDER*SUE****MI*W1", "TRN*2*", "STC*F2:585*20260609"]
    silent = ["HL*5*3*22*0", "NM1*IL*1*ALDER*SUE****MI*W1", "TRN*2*C9"]
    statuses, findings = read(file(TOP, nameless, silent))
    assert statuses == []
    assert [finding.code for finding in findings] == ["bad-claim-status", "bad-claim-status"]


def test_an_amount_that_is_none_is_said_and_unknown() -> None:
    odd = ["HL*4*3*22*0", "TRN*2*C1", "STC*F1:65*20260609**abc*1e9"]
    (status,), findings = read(file(TOP, odd))
    assert (status.statuses[0].charge, status.statuses[0].paid) == (None, None)
    assert {finding.code for finding in findings} == {"bad-value"}


def test_a_file_cut_off_is_quarantined() -> None:
    whole = file(TOP, DENIED)
    statuses, findings = read(whole[: len(whole) // 2])
    assert statuses == []
    assert [finding.code for finding in findings] == ["truncated"]


ASKING = [
    "HL*4*3*PT",
    "NM1*QC*1*ALDER*SUE****MI*W1",
    "TRN*1*RFAI778",
    "STC*R4:11506-3::LOI*20260609*****************",
    "STC*R3:11502-2::LOI*20260609********R3:18789-8::LOI**SEND THE MOLECULAR REPORT",
    "DTP*106*D8*20260715",
    "REF*EJ*C1",
    "REF*EA*MRN9",
    "DTP*472*D8*20260316",
    "SVC*HC:J9271:JZ*900*****200",
    "STC*R4:80565-5::LOI*20260609",
    "DTP*106*D8*20260710",
    "REF*FJ*LINE1",
]


def test_a_request_for_records_is_read_with_what_is_asked_by_when_and_its_number() -> None:
    data = file(TOP, ASKING, version="005010X213")
    assert is_status_response(data, "f.277")
    (asked,), findings = read(data)
    assert findings == []
    assert (asked.claim_id, asked.trace, asked.payer_claim_number) == ("C1", "RFAI778", "RFAI778")
    assert asked.request is not None
    assert (asked.request.due_on, asked.request.medical_record) == (date(2026, 7, 10), "MRN9")
    note, lab, infusion = asked.request.asked
    assert (note.category, note.loinc, note.hcpcs) == ("R4", "11506-3", "")
    assert (lab.loinc, lab.modifiers, lab.text) == ("11502-2", ("18789-8",), "SEND THE MOLECULAR REPORT")
    assert (infusion.loinc, infusion.hcpcs, infusion.line_control) == ("80565-5", "J9271", "LINE1")
    assert {status.category for status in asked.statuses} == {"R4", "R3"}


def test_a_request_of_6020_is_one_and_a_status_response_is_none() -> None:
    (asked,), _ = read(file(TOP, ASKING, version="006020X313"))
    assert asked.request is not None
    (status, *_), _ = read(file(TOP, DENIED))
    assert status.request is None


def test_a_due_day_that_is_none_is_said_and_unknown_and_a_status_code_is_no_loinc() -> None:
    odd = ["HL*4*3*22*0", "TRN*1*R1", "STC*R4:294*20260609", "DTP*106*D8*20261399", "REF*EJ*C1"]
    (asked,), findings = read(file(TOP, odd, version="005010X213"))
    assert asked.request is not None
    assert (asked.request.due_on, asked.request.asked[0].loinc, asked.request.asked[0].status) == (None, "", "294")
    assert [finding.code for finding in findings] == ["bad-value"]


def test_a_request_that_names_no_claim_of_ours_is_kept_by_its_own_number() -> None:
    (asked,), _ = read(file(TOP, ["HL*4*3*PT", "TRN*1*R1", "STC*R4:11506-3::LOI"], version="005010X213"))
    assert (asked.claim_id, asked.trace, asked.payer_claim_number) == ("R1", "R1", "")


@given(st.lists(st.sampled_from(ASKING + DENIED), max_size=12), st.binary(max_size=40), st.integers(0, 900))
@settings(max_examples=40, deadline=None)
def test_whatever_a_request_holds_reading_ends_in_facts_and_findings(parts: list[str], noise: bytes, at: int) -> None:
    data = file(TOP, parts, version="005010X213")
    for event in read_claim_status(data[:at] + noise + data[at:], "f.277", quarantine=False):
        assert isinstance(event, (ClaimStatus, ReadingFinding))
