"""Claim acknowledgements (277CA)."""

from datetime import date
from decimal import Decimal

from x12_builders import PLAIN, Style, enveloped, transaction

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.reading import ReadingFinding
from tools.x12.acknowledgements import read_acknowledgements

TOP = [
    "BHT*0085*08*1*20260318*1200*TH",
    "HL*1**20*1",
    "NM1*PR*2*CASCADE HEALTH*****PI*CASC1",
    "TRN*1*T1",
    "DTP*050*D8*20260317",
    "DTP*009*D8*20260318",
    "HL*2*1*21*1",
    "NM1*41*2*CEDAR*****46*1",
    "TRN*2*BATCH1",
    "STC*A1:19:PR*20260318*WQ*1000",
    "HL*3*2*19*1",
    "NM1*85*2*CEDAR*****XX*1999999992",
]
ACCEPTED = [
    "HL*4*3*PT",
    "NM1*QC*1*ALDER*SUE****MI*W1",
    "TRN*2*C1",
    "STC*A2:20:PR*20260318*WQ*1000",
    "REF*1K*ICN1",
    "DTP*472*RD8*20260316-20260317",
    "SVC*HC:J9271*900",
    "STC*A2:20*20260318*WQ",
    "REF*1K*LINEREF",
]
REJECTED = [
    "HL*5*3*PT",
    "NM1*QC*1*BIRCH*ANN****MI*W2",
    "TRN*2*C2",
    "STC*A7:562:85*20260319*U*200******A7:21",
]


def file(*parts: list[str], style: Style = PLAIN) -> bytes:
    body = [segment for part in parts for segment in part]
    return style.render(enveloped([transaction("277", body)], functional="HN", version="005010X214"))


def read(data: bytes) -> tuple[list[ClaimAcknowledgement], list[ReadingFinding]]:
    events = list(read_acknowledgements(data, "f.277"))
    return (
        [event for event in events if isinstance(event, ClaimAcknowledgement)],
        [event for event in events if isinstance(event, ReadingFinding)],
    )


def test_accepted_claim_has_the_payers_number_and_the_day_it_was_received() -> None:
    (first, _), found = read(file(TOP, ACCEPTED, REJECTED))
    assert found == []
    assert first.claim_id == "C1"
    assert (first.category, first.status, first.entity, first.action) == ("A2", "20", "PR", "WQ")
    assert first.effective_on == date(2026, 3, 18)
    assert first.charge == Decimal(1000)
    assert first.payer_claim_number == "ICN1"
    assert (first.source_entity, first.source_name, first.source_id) == ("PR", "CASCADE HEALTH", "CASC1")
    assert first.received_on == date(2026, 3, 17)
    assert first.service_date == date(2026, 3, 16)
    assert first.member_id == "W1"
    assert len(first.statuses) == 2
    assert first.text == "".join(segment + "~" for segment in ACCEPTED)


def test_rejected_claim_has_all_its_statuses() -> None:
    (_, second), _ = read(file(TOP, ACCEPTED, REJECTED))
    assert (second.claim_id, second.category, second.status, second.entity) == ("C2", "A7", "562", "85")
    assert second.statuses[0][9] == "A7:21"
    assert second.payer_claim_number == ""
    assert second.received_on == date(2026, 3, 17)


def test_several_traces_of_one_patient_are_several_acknowledgements() -> None:
    more = ["TRN*2*C9", "STC*A3:187*20260320*U*5"]
    found, _ = read(file(TOP, ACCEPTED, more))
    assert [one.claim_id for one in found] == ["C1", "C9"]
    assert {one.member_id for one in found} == {"W1"}


def test_next_source_forgets_the_one_before() -> None:
    clearinghouse = ["HL*9**20*1", "NM1*AY*2*CLEARING*****46*CH1", "HL*10*9*PT", "TRN*2*C5", "STC*A1:19*20260318*WQ*1"]
    found, _ = read(file(TOP, ACCEPTED, clearinghouse))
    assert (found[1].source_entity, found[1].source_id, found[1].received_on) == ("AY", "CH1", None)


def test_trace_without_number_or_status_is_an_error_and_the_others_are_read() -> None:
    data = file(TOP, ["HL*4*3*PT", "TRN*2*", "STC*A2:20*20260318*WQ*1", "TRN*2*C8"], REJECTED)
    found, said = read(data)
    assert [one.claim_id for one in found] == ["C2"]
    assert [one.code for one in said] == ["bad-acknowledgement"] * 2
    assert said[0].place is not None
    assert data[said[0].place.byte :].startswith(b"TRN*2*~")


def test_bad_charge_is_a_warning() -> None:
    (one,), (said,) = read(file(TOP, ["HL*4*3*PT", "TRN*2*C1", "STC*A2:20*20260318*WQ*x"]))
    assert one.charge is None
    assert (said.code, said.severity) == ("bad-value", "warning")


def test_other_delimiters_give_the_same_answer() -> None:
    (plain, _), _ = read(file(TOP, ACCEPTED, REJECTED))
    (other, _), _ = read(file(TOP, ACCEPTED, REJECTED, style=Style("|", ">", "\r\n")))
    assert (other.category, other.status, other.effective_on) == (
        plain.category,
        plain.status,
        plain.effective_on,
    )
