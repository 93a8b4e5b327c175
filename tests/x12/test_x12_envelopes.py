"""Delimiters, layouts and envelopes: the same facts whatever the file's shape."""

import pytest
from msgspec.structs import replace
from x12_builders import ISA, PLAIN, Claim, Line, Remit, Style, enveloped, isa_with, transaction
from x12_reading import at, claims, codes, findings, headers, trailers

from knowledge.types.reading import Place
from knowledge.types.remit import ClaimPayment
from tools.x12.claims import read_claims
from tools.x12.transactions import open_file

TWO = Remit((Claim("C1"), Claim("C2", lines=(Line(), Line(charge="0", paid="0", cas=())))))


def facts(data: bytes) -> list[ClaimPayment]:
    """Return the claims without places and text, which differ between shapes."""
    nowhere = Place(0, 0)
    return [
        replace(claim, place=nowhere, text="", lines=tuple(replace(one, place=nowhere) for one in claim.lines))
        for claim in claims(data)
    ]


EXPECTED = facts(TWO.bytes())

STYLES = {
    "line feed after the terminator": Style(newline="\n"),
    "carriage return and line feed after the terminator": Style(newline="\r\n"),
    "carriage return after the terminator": Style(newline="\r"),
    "line feed as terminator": Style(terminator="\n"),
    "carriage return and line feed as terminator": Style(terminator="\r\n"),
    "carriage return as terminator": Style(terminator="\r"),
    "wrapped at 80 columns": Style(wrap=80),
    "wrapped at 80 columns, other delimiters": Style("|", ">", "!", wrap=80),
    "control characters": Style("\x1d", "\x1f", "\x1c"),
    "latin-1 delimiters": Style("\xa6", "\xa7", "\xb6"),
    "apostrophe and pipe": Style("|", "^", "'"),
    "blank line after every segment": Style(newline="\n\n"),
    "indented": Style(newline="\n  "),
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_every_shape_gives_the_same_facts_at_its_own_places(style: Style) -> None:
    data = TWO.bytes(style)
    found: list[ClaimPayment] = claims(data)
    assert facts(data) == EXPECTED
    assert codes(data) == []
    for claim in found:
        start = data[claim.place.byte :].replace(b"\n", b"").replace(b"\r", b"")
        assert start.startswith(f"CLP{style.element}{claim.claim_id}".encode("latin-1"))
    assert [claim.place.segment for claim in found] == [14, 20]


def test_terminator_with_line_feeds_only_here_and_there() -> None:
    data = TWO.bytes().replace(b"~CLP", b"~\r\nCLP").replace(b"~SVC", b"~ SVC")
    assert facts(data) == EXPECTED
    assert at(data, claims(data)[1].place).startswith(b"CLP*C2")


def test_short_isa_is_read_by_its_fields() -> None:
    short = "ISA*00**00**ZZ*CASCADEHP*ZZ*CEDARONC*260420*0900*^*00501*000000001*0*P*:"
    data = PLAIN.render(enveloped([transaction("835", TWO.body())], isa=short))
    assert facts(data) == EXPECTED
    assert codes(data) == []


def test_stretched_isa_is_read_by_its_fields() -> None:
    stretched = ISA.replace("CASCADEHP      ", "CASCADEHP" + " " * 30)
    data = PLAIN.render(enveloped([transaction("835", TWO.body())], isa=stretched))
    assert len(claims(data)) == 2
    assert codes(data) == []


def test_isa_without_its_last_element_still_gives_the_terminator() -> None:
    data = PLAIN.render(enveloped([transaction("835", TWO.body())], isa=ISA[:-1]))
    assert len(claims(data)) == 2
    assert claims(data)[0].lines[0].hcpcs == "J9271"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n  ", b"\xef\xbb\xbf\r\n"])
def test_bom_and_blank_space_before_isa_are_no_matter(before: bytes) -> None:
    data = before + TWO.bytes()
    assert facts(data) == EXPECTED
    assert codes(data) == []
    assert at(data, claims(data)[0].place).startswith(b"CLP*C1")


def test_text_before_isa_is_stepped_over_and_said() -> None:
    data = b"From: LISA*edi@example.com\r\nISA wants this file\r\n" + TWO.bytes()
    assert facts(data) == EXPECTED
    assert codes(data) == ["text-before-isa"]
    assert at(data, claims(data)[0].place).startswith(b"CLP*C1")


def test_utf16_file_is_converted() -> None:
    data = TWO.bytes().decode("ascii").encode("utf-16")
    assert facts(data) == EXPECTED
    assert codes(data) == ["utf-16"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_letters_with_accents_survive_either_encoding(encoding: str) -> None:
    remit = Remit((Claim(head=("NM1*QC*1*NÚÑEZ*JOSÉ****MI*W1", "ZÑZ*1")), Claim("C2")), paid="600.00")
    text = "~".join(remit.segments()) + "~"
    data = text.encode(encoding)
    first, second = claims(data)
    assert first.patient is not None
    assert (first.patient.last_or_org, first.patient.first) == ("NÚÑEZ", "JOSÉ")
    assert "NÚÑEZ" in first.text
    assert first.unknown == ("ZÑZ*1",)
    assert at(data, second.place).startswith(b"CLP*C2")
    assert at(data, first.lines[0].place).startswith(b"SVC*")
    (finding,) = findings(data)
    assert at(data, finding.place).startswith("ZÑZ*1".encode(encoding))


def test_interchanges_with_different_delimiters_in_one_file() -> None:
    data = TWO.bytes() + b"\r\n" + TWO.bytes(Style("|", ">", "\n")) + TWO.bytes(Style(newline="\r\n"))
    assert len(headers(data)) == 3
    assert [claim.claim_id for claim in claims(data)] == ["C1", "C2"] * 3
    assert codes(data) == []
    assert all(data[claim.place.byte :].startswith(b"CLP") for claim in claims(data))
    numbers = [claim.place.segment for claim in claims(data)]
    assert numbers == sorted(set(numbers))


def test_several_groups_and_transactions_are_all_read() -> None:
    one = enveloped([transaction("835", TWO.body(), "0001"), transaction("835", TWO.body(), "0002")])
    two = [*one[1:-1]]
    segments = [one[0], *two, *[s.replace("*1*X*", "*2*X*").replace("GE*2*1", "GE*2*2") for s in two]]
    data = PLAIN.render([*segments, "IEA*2*000000001"])
    assert [header.control_number for header in headers(data)] == ["0001", "0002"] * 2
    assert len(claims(data)) == 8
    assert codes(data) == []


def test_other_transactions_in_the_file_are_skipped_and_counted() -> None:
    other = transaction("999", ["AK1*HC*1", "AK9*A*1*1*1"], "0002")
    data = PLAIN.render(enveloped([other, transaction("835", TWO.body()), other]))
    assert len(claims(data)) == 2
    (finding,) = findings(data)
    assert (finding.severity, finding.code) == ("info", "other-transaction")
    assert "2 x ST*999" in finding.says


def test_file_of_another_kind_says_so() -> None:
    data = PLAIN.render(enveloped([transaction("999", ["AK1*HC*1", "AK9*A*1*1*1"])]))
    assert codes(data) == ["other-transaction", "no-transaction"]
    assert [event.code for event in read_claims(TWO.bytes(), "f") if hasattr(event, "code")] == [
        "other-transaction",
        "no-transaction",
    ]


BARE = transaction("835", TWO.body())


@pytest.mark.parametrize(
    ("segments", "style"),
    [
        (enveloped([BARE])[1:], PLAIN),
        (enveloped([BARE])[1:-1], Style(newline="\n")),
        (BARE, PLAIN),
        (BARE, Style(terminator="\n")),
        (BARE, Style("|", ">", "\r\n")),
        (BARE, Style("|", ">", "'")),
        (BARE[1:-1], PLAIN),
        (BARE[1:-1], Style(newline="\r\n")),
        (BARE[1:-1], Style(terminator="\n")),
    ],
)
def test_files_without_isa_are_read_by_their_segments(segments: list[str], style: Style) -> None:
    data = style.render(segments)
    found = facts(data)
    assert found == EXPECTED
    assert "no-envelope" in codes(data)
    assert headers(data)[0].trace_number == "EFT1"


def test_file_that_starts_at_clp_gives_claims_and_says_the_payment_is_unknown() -> None:
    start = next(index for index, segment in enumerate(BARE) if segment.startswith("CLP"))
    data = PLAIN.render(BARE[start:-1])
    assert [claim.claim_id for claim in claims(data)] == ["C1", "C2"]
    assert codes(data) == ["no-envelope", "missing-st", "no-payment"]
    assert headers(data)[0].bpr == ()


def test_st_without_its_group_inside_an_interchange_is_read() -> None:
    data = PLAIN.render([ISA, *BARE, "IEA*0*000000001"])
    assert len(claims(data)) == 2
    assert codes(data) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("SE*", "SE*9", "segment-count"),
        ("GE*1*1", "GE*2*1", "envelope-count"),
        ("IEA*1*", "IEA*7*", "envelope-count"),
        ("GE*1*1", "GE*1*2", "control-number"),
        ("IEA*1*000000001", "IEA*1*000000002", "control-number"),
        ("ST*835*0001", "ST*835*0009", "control-number"),
    ],
)
def test_wrong_counts_and_control_numbers_are_warnings(old: str, new: str, code: str) -> None:
    data = TWO.bytes().replace(old.encode(), new.encode())
    (finding,) = findings(data)
    assert (finding.code, finding.severity) == (code, "warning")
    assert len(claims(data)) == 2


def test_segments_outside_any_transaction_are_counted() -> None:
    segments = TWO.segments()
    data = PLAIN.render([*segments[:-1], "XYZ*1", "XYZ*2", segments[-1]])
    (finding,) = findings(data)
    assert finding.code == "stray-segments"
    assert finding.says.startswith("2 segments")


def test_trailer_says_what_was_counted_and_declared() -> None:
    (trailer,) = trailers(TWO.bytes().replace(b"SE*", b"SE*9"))
    assert trailer.declared_segment_count != trailer.segment_count
    assert trailer.segment_count == len(BARE)


def test_repetition_separator_is_found_only_in_5010() -> None:
    for isa, expected in ((ISA, "^"), (isa_with(repetition="U", version="00401"), "")):
        data = PLAIN.render(enveloped([BARE], isa=isa))
        assert open_file(data, "f").transactions[0].interchange.delimiters.repetition == expected


@pytest.mark.parametrize("data", [b"", b"  \r\n", b"\xef\xbb\xbf"])
def test_empty_file_is_one_error(data: bytes) -> None:
    assert codes(data) == ["empty-file"]


@pytest.mark.parametrize("data", [b"hello", b"PK\x03\x04\x00\x00", b"<xml/>", b"a,b\n1,2\n"])
def test_file_that_is_no_x12_is_one_error(data: bytes) -> None:
    assert codes(data) == ["unreadable"]
