"""What was wrong is data with its place; one bad claim never loses the others."""

from decimal import Decimal

import pytest
from x12_builders import Claim, Line, Remit
from x12_reading import at, claims, codes, findings, headers, provider_adjustments, trailers

from knowledge.types.reading import ReadingFinding


def three(bad: Claim) -> bytes:
    """Return a remit with a bad claim between two good ones."""
    return Remit((Claim("C1"), bad, Claim("C3")), paid="900.00").bytes()


def only(data: bytes, code: str) -> ReadingFinding:
    (finding,) = [one for one in findings(data) if one.code == code]
    return finding


def test_line_out_of_balance_is_an_error_at_its_line() -> None:
    data = three(Claim("C2", lines=(Line(cas=("CO*45*99.00",)),)))
    finding = only(data, "line-out-of-balance")
    assert finding.severity == "error"
    assert at(data, finding.place).startswith(b"SVC*")
    assert finding.place is not None
    assert finding.place.byte > data.index(b"CLP*C2")
    assert len(claims(data)) == 3


def test_claim_out_of_balance_counts_claim_and_line_adjustments() -> None:
    good = Claim("C2", charge="500.00", cas=("CO*97*100.00",))
    assert codes(three(good)) == []
    data = three(Claim("C2", charge="500.00", cas=("CO*97*100.01",)))
    finding = only(data, "claim-out-of-balance")
    assert at(data, finding.place).startswith(b"CLP*C2")
    assert "500.00" in finding.says


@pytest.mark.parametrize("plb", [(), ("1999999992*20261231*WO:X*15.00*L6*-5.00", "1999999992*20261231*FB*1.00")])
def test_payment_balances_with_claims_less_provider_adjustments(plb: tuple[str, ...]) -> None:
    assert codes(Remit(plb=plb).bytes()) == []
    (finding,) = findings(Remit(plb=plb, paid="1.00").bytes())
    assert (finding.code, finding.severity) == ("payment-out-of-balance", "error")


@pytest.mark.parametrize(
    "bad",
    [
        Claim("C2", charge="4OO.00"),
        Claim("C2", paid=""),
        Claim("C2", paid="1,000.00"),
        Claim("C2", paid="NaN"),
        Claim("C2", charge="1e9999999"),
        Claim("C2", charge="4_00"),
        Claim("C2", charge="٤٠٠".encode().decode("latin-1")),
        Claim("C2", lines=(Line(charge="x"),)),
        Claim("C2", lines=(Line(units="four"),)),
        Claim("C2", lines=(Line(cas=("CO*45*1OO",)),)),
        Claim("C2", lines=(Line(cas=("CO*45",)),)),
        Claim("C2", cas=("CO*45*100.00*two",)),
        Claim("C2", cas=("CO",), head=("CAS",)),
        Claim(""),
    ],
)
def test_claim_whose_money_or_number_cannot_be_read_is_handed_over_and_the_others_read(bad: Claim) -> None:
    data = three(bad)
    assert [claim.claim_id for claim in claims(data)] == ["C1", "C3"]
    finding = only(data, "bad-claim")
    assert finding.severity == "error"
    assert finding.place is not None
    assert data.index(b"CLP*" + bad.number.encode()) <= finding.place.byte < data.index(b"CLP*C3")
    assert claims(data)[1].place.byte == data.index(b"CLP*C3")
    assert claims(data)[1].place.segment == data[: data.index(b"CLP*C3")].count(b"~") + 1
    assert trailers(data)[0].claims == 3
    assert "claims could not be read" in only(data, "payment-out-of-balance").says


def test_provider_adjustments_after_a_bad_claim_are_not_lost() -> None:
    data = Remit((Claim("C1", charge="x"),), plb=("1999999992*20261231*WO*300.00",), paid="0").bytes()
    (adjustment,) = provider_adjustments(data)
    assert adjustment.amount == Decimal("300.00")
    assert at(data, adjustment.place).startswith(b"PLB*")
    assert adjustment.place.segment == data[: adjustment.place.byte].count(b"~") + 1


def test_bad_date_leaves_the_claim_in_with_a_warning_and_the_text() -> None:
    data = three(Claim("C2", lines=(Line(more=("DTM*472*20260231", "REF*6R*L1")),)))
    (line,) = claims(data)[1].lines
    assert line.service_date is None
    assert line.dates[0].raw == "20260231"
    assert line.line_control == "L1"
    finding = only(data, "bad-date")
    assert finding.severity == "warning"
    assert at(data, finding.place).startswith(b"DTM*472*2026")


@pytest.mark.parametrize("segment", ["AMT*B6*x", "QTY*ZK*", "AMT*B6", "LQ*HE", "REF"])
def test_segment_that_carries_no_money_of_the_claim_is_kept_as_it_stands(segment: str) -> None:
    data = three(Claim("C2", lines=(Line(more=(segment, "DTM*472*20260316")),)))
    (line,) = claims(data)[1].lines
    assert line.unknown == (segment,)
    assert line.service_date is not None
    (finding,) = findings(data)
    assert (finding.severity, finding.code in ("bad-value", "bad-segment")) == ("warning", True)
    assert at(data, finding.place).startswith(segment.encode())


def test_bad_payment_amount_is_an_error_and_the_claims_are_read() -> None:
    data = Remit(paid="x").bytes()
    assert codes(data) == ["bad-amount"]
    assert len(claims(data)) == 1
    assert headers(data)[0].bpr[1] == "x"


def test_bad_provider_adjustment_leaves_the_others_in() -> None:
    data = Remit(plb=("1999999992*20261231*WO*x*L6*-5.00",), paid="305.00").bytes()
    assert [one.reason for one in provider_adjustments(data)] == ["L6"]
    finding = only(data, "bad-amount")
    assert at(data, finding.place).startswith(b"PLB*")


def test_unknown_codes_are_counted_warnings_once_a_code() -> None:
    line = Line(cas=("CO*45*60.00*1*XYZ*40.00",), more=("DTM*472*20260316", "LQ*HE*N999", "LQ*RX*70"))
    data = Remit((Claim("C1", lines=(line,)), Claim("C2", lines=(line,), head=("MOA***MA01",)))).bytes()
    known = {"known_carcs": frozenset({"45"}), "known_rarcs": frozenset({"MA01"})}
    found = findings(data, **known)
    assert [(one.severity, one.code, one.says) for one in found] == [
        ("warning", "unknown-carc", "CARC XYZ is in no code table: 2 times, first here"),
        ("warning", "unknown-rarc", "RARC N999 is in no code table: 2 times, first here"),
    ]
    assert at(data, found[0].place).startswith(b"SVC*")
    assert codes(data) == []


def test_findings_of_a_claim_come_right_after_it() -> None:
    from tools.x12.remits import read_remits

    data = three(Claim("C2", charge="401.00"))
    names = [getattr(event, "claim_id", getattr(event, "code", "")) for event in read_remits(data, "f")]
    assert names == ["", "C1", "C2", "claim-out-of-balance", "C3", ""]


def test_remit_without_claims_is_a_header_a_trailer_and_its_provider_adjustments() -> None:
    data = Remit((), plb=("1999999992*20261231*WO*15.00",), paid="-15.00").bytes()
    assert codes(data) == []
    assert len(headers(data)) == len(trailers(data)) == len(provider_adjustments(data)) == 1
