"""Claim status responses (277, 005010X212)."""

from datetime import date
from decimal import Decimal

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
