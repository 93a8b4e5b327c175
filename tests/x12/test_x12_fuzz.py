"""No bytes make a reader raise or hang; the shape of a file never changes its facts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from x12_builders import Claim, Line, Remit, Style
from x12_reading import claims, codes

from knowledge.types.reading import Place
from knowledge.types.remit import ClaimPayment
from tools.x12.acknowledgements import read_acknowledgements
from tools.x12.claims import read_claims
from tools.x12.remits import read_remits
from tools.x12.summary import full, summarize

SLOW_MACHINE = settings(deadline=None, max_examples=150)

REMIT = Remit(
    (
        Claim("C1", cas=("CO*97*0.00",), head=("NM1*QC*1*ALDER*SUE****MI*W1", "MOA***MA01", "MIA*0***1*N1")),
        Claim("C2", lines=(Line(), Line(charge="1", paid="1", cas=(), more=("LQ*HE*N130", "QTY*ZK*1")))),
    ),
    plb=("1999999992*20261231*WO:X*15.00",),
    paid="585.00",
)
SAMPLES = [
    REMIT.bytes(),
    REMIT.bytes(Style(newline="\r\n")),
    REMIT.bytes(Style("|", ">", "\n")),
    REMIT.bytes(Style(wrap=80)),
    b"ST*837*1~HL*1**20*1~NM1*85*2*A~HL*2*1*22*0~NM1*IL*1*B~CLM*C*1***11:B:1~HI*ABK:C1~LX*1~SV1*HC:X*1*UN*1***1~SE*9*1~",
    b"ST*277*1~HL*1**20*1~NM1*PR*2*A~HL*2*1*PT~NM1*QC*1*B~TRN*2*C~STC*A2:20*20260101*WQ*1~SVC*HC:X*1~SE*8*1~",
]
TOKENS = [
    *(b"ISA", b"GS", b"ST", b"SE", b"GE", b"IEA", b"CLP", b"SVC", b"CAS", b"PLB", b"LX", b"CLM", b"HL", b"TRN"),
    *(b"*", b":", b"~", b"\n", b"\r\n", b"|", b"835", b"837", b"277", b"\xff", b"\xc3\xb1", b"1", b"-", b"STC", b"SV1"),
]


def read_all(data: bytes) -> None:
    """Read some bytes in every way there is."""
    list(read_remits(data, "f"))
    list(read_remits(data, "f", quarantine=False, known_carcs=frozenset(), known_rarcs=frozenset()))
    list(read_claims(data, "f", quarantine=False))
    list(read_acknowledgements(data, "f", quarantine=False))
    summarize(data, "f")
    full(data, "f")


@SLOW_MACHINE
@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data: bytes) -> None:
    read_all(data)


@SLOW_MACHINE
@given(st.lists(st.sampled_from(TOKENS), max_size=120).map(b"".join))
def test_random_tokens_never_raise(data: bytes) -> None:
    read_all(data)


@SLOW_MACHINE
@given(st.sampled_from(SAMPLES), st.data())
def test_samples_cut_and_changed_never_raise(sample: bytes, choose: st.DataObject) -> None:
    data = bytearray(sample)
    for _ in range(choose.draw(st.integers(1, 6))):
        at = choose.draw(st.integers(0, len(data)))
        length = choose.draw(st.integers(0, 8))
        data[at : at + length] = choose.draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4)))
    read_all(bytes(data))


@SLOW_MACHINE
@given(st.sampled_from(SAMPLES), st.integers(0, 2000), st.integers(0, 2000))
def test_pieces_of_samples_never_raise(sample: bytes, start: int, length: int) -> None:
    read_all(sample[start : start + length])


DELIMITERS = "~!|>:*\x1c\x1d\x1e\x1f\n\r'\\{}%@#\xa6\xa7\xb6"


def bare(found: list[ClaimPayment]) -> list[ClaimPayment]:
    nowhere = Place(0, 0)
    return [
        replace(claim, place=nowhere, text="", lines=tuple(replace(one, place=nowhere) for one in claim.lines))
        for claim in found
    ]


@SLOW_MACHINE
@given(
    st.permutations(DELIMITERS).map(lambda order: order[:3]),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_permuted_delimiters_give_equal_facts(delimiters: list[str], newline: str) -> None:
    element, component, terminator = delimiters
    if "\n" in (element, component) or "\r" in (element, component):
        element, component = "*", ":" if terminator != ":" else ">"
    if terminator in ("\n", "\r", element, component):
        newline, terminator = "", terminator if terminator not in (element, component) else "~"
    data = REMIT.bytes(Style(element, component, terminator, newline))
    assert codes(data) == []
    assert bare(claims(data)) == bare(claims(REMIT.bytes()))


money = st.integers(-(10**7), 10**7).map(lambda cents: Decimal(cents) / 100)
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -.'", min_size=1, max_size=12)


@st.composite
def balanced_lines(draw: st.DrawFn) -> tuple[Line, Decimal, Decimal]:
    paid = draw(money)
    slots = draw(st.lists(st.tuples(st.sampled_from(["45", "97", "16"]), money, st.integers(0, 9)), max_size=6))
    charge = paid + sum((amount for _, amount, _ in slots), Decimal(0))
    cas = "*".join(f"{reason}*{amount}*{units or ''}" for reason, amount, units in slots)
    line = Line(
        code="HC:J9271:" + draw(st.sampled_from(["JZ", "JW", "", "JZ:KX"])),
        charge=str(charge),
        paid=str(paid),
        units=str(draw(st.integers(1, 999))),
        cas=(f"CO*{cas}",) if slots else (),
    )
    return line, charge, paid


@SLOW_MACHINE
@given(st.lists(st.tuples(names, st.lists(balanced_lines(), max_size=4)), max_size=5))
def test_written_facts_are_read_back(spec: list[tuple[str, list[tuple[Line, Decimal, Decimal]]]]) -> None:
    written = tuple(
        Claim(
            name,
            charge=str(sum((charge for _, charge, _ in lines), Decimal(0))),
            paid=str(sum((paid for *_, paid in lines), Decimal(0))),
            lines=tuple(line for line, *_ in lines),
        )
        for name, lines in spec
        if name.strip()
    )
    data = Remit(written).bytes()
    found = claims(data)
    assert codes(data) == []
    assert [claim.claim_id for claim in found] == [claim.number for claim in written]
    for claim, source in zip(found, written, strict=True):
        assert (claim.charge, claim.paid) == (Decimal(source.charge), Decimal(source.paid))
        assert [str(line.units_paid) for line in claim.lines] == [line.units for line in source.lines]
        assert claim.text == "".join(segment + "~" for segment in source.segments())
        assert data[claim.place.byte :].startswith(f"CLP*{source.number}*".encode())
        for line, wrote in zip(claim.lines, source.lines, strict=True):
            assert line.charge == Decimal(wrote.charge)
            assert line.charge - line.paid == sum((one.amount for one in line.adjustments), Decimal(0))


REPEATED = [
    *(
        b"ZZZ*1~",
        b"MOA*1~",
        b"DTM*472*x~",
        b"AMT*B6*x~",
        b"N3*A~",
        b"HL*1**22~",
        b"ST*835*1~",
        b"~",
        b"ISA*",
        b"CLP*1~",
    ),
    *(b"CAS*CO*1*1~", b"LX*1~", b"TRN*2*C~", b"SVC*HC:X*1*1~", b"SE*1*1~", b"PLB*1*2*WO*x~", b"CLM*1*x~", b"SV1*x~"),
]
STARTS = [
    b"",
    b"ST*835*1~BPR*I*0~CLP*C*1*0*0~SVC*HC:X*0*0~",
    b"ST*837*1~HL*1**22~CLM*1*0~",
    b"ST*277*1~HL*1**PT~TRN*2*C~",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_the_same_segment_thousands_of_times_is_read_in_linear_time(piece: bytes) -> None:
    for start in STARTS:
        read_all(start + piece * 3_000 + b"SE*1*1~")
