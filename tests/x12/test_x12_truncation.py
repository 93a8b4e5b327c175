"""A file that is cut off is quarantined whole, with the byte; a whole one never is."""

import pytest
from x12_builders import ISA, PLAIN, Claim, Remit, Style, enveloped, transaction
from x12_reading import claims, codes, findings

from knowledge.types.reading import ReadingFinding
from tools.x12.acknowledgements import read_acknowledgements
from tools.x12.claims import read_claims
from tools.x12.remits import check_whole, read_remits

WHOLE = Remit((Claim("C1"), Claim("C2"))).bytes()
LINES = Remit((Claim("C1"), Claim("C2"))).bytes(Style(newline="\r\n"))


def test_cut_at_any_byte_gives_one_error_at_that_byte_and_no_claim() -> None:
    for cut in range(3, len(WHOLE) - 1):
        (finding,) = read_remits(WHOLE[:cut], "f")
        assert isinstance(finding, ReadingFinding), cut
        assert (finding.code, finding.severity) == ("truncated", "error"), cut
        assert finding.place is not None
        assert cut - 1 <= finding.place.byte <= cut
        assert str(finding.place.byte) in finding.says


def test_file_with_line_ends_cut_anywhere_is_quarantined_too() -> None:
    assert {cut for cut in range(3, len(LINES) - 3) if codes(LINES[:cut]) != ["truncated"]} == set()


def test_only_the_last_terminator_missing_is_whole() -> None:
    assert codes(WHOLE[:-1]) == []
    assert len(claims(WHOLE[:-1])) == 2
    assert check_whole(WHOLE[:-1], "f") is None


def test_last_segment_cut_within_its_control_number_is_cut_off() -> None:
    assert codes(WHOLE[:-2]) == ["truncated"]


def test_transaction_without_se_is_cut_off_even_with_its_trailers() -> None:
    segments = [segment for segment in Remit().segments() if not segment.startswith("SE*")]
    data = PLAIN.render(segments)
    (finding,) = findings(data)
    assert finding.code == "truncated"
    assert finding.place is not None
    assert data[finding.place.byte :].startswith(b"GE*")


def test_new_interchange_inside_an_open_transaction_is_a_cut() -> None:
    data = WHOLE[:600] + b"~" + WHOLE
    (finding,) = findings(data)
    assert finding.code == "truncated"
    assert finding.place is not None
    assert finding.place.byte in (600, 601)


def test_second_st_before_the_first_se_is_a_cut() -> None:
    body = transaction("835", Remit().body())
    data = PLAIN.render(enveloped([[*body[:-1]], body]))
    (finding,) = findings(data)
    assert finding.code == "truncated"
    assert finding.place is not None
    assert data[finding.place.byte :].startswith(b"ST*")


def test_missing_ge_before_iea_is_a_warning() -> None:
    data = PLAIN.render([segment for segment in Remit().segments() if not segment.startswith("GE*")])
    assert codes(data) == ["missing-ge"]
    assert len(claims(data)) == 1


@pytest.mark.parametrize("last", ["SE*", "GE*"])
def test_isa_without_iea_is_cut_off(last: str) -> None:
    segments = Remit().segments()
    end = next(index for index, segment in enumerate(segments) if segment.startswith(last)) + 1
    assert codes(PLAIN.render(segments[:end])) == ["truncated"]


def test_file_without_isa_needs_only_what_it_opened() -> None:
    body = transaction("835", Remit().body())
    assert "truncated" not in codes(PLAIN.render(body))
    assert "truncated" not in codes(PLAIN.render(body)[:-1])
    assert codes(PLAIN.render(body[:-1])) == ["truncated"]
    assert codes(PLAIN.render(body)[:-3]) == ["truncated"]
    assert "truncated" not in codes(PLAIN.render(body[1:-1]))
    assert codes(PLAIN.render(body[1:-1])[:-3]) == ["truncated"]


def test_reading_on_past_the_quarantine_gives_what_is_there() -> None:
    data = WHOLE[: WHOLE.index(b"CLP*C2")]
    events = list(read_remits(data, "f", quarantine=False))
    assert isinstance(events[0], ReadingFinding)
    assert events[0].code == "truncated"
    assert [event.claim_id for event in events if hasattr(event, "claim_id")] == ["C1"]


def test_claims_and_acknowledgements_obey_the_same_rule() -> None:
    claim = PLAIN.render([ISA, "GS*HC*A*B*20260316*0900*1*X*005010X222A1", "ST*837*0001", "HL*1**20*1"])
    answer = PLAIN.render([ISA, "GS*HN*A*B*20260316*0900*1*X*005010X214", "ST*277*0001", "HL*1**20*1"])
    for events in (read_claims(claim, "f"), read_acknowledgements(answer, "f")):
        assert [getattr(event, "code", "") for event in events] == ["truncated"]
