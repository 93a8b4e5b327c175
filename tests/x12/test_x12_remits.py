"""Every segment of the 835 guide lands in a typed field."""

import gc
from datetime import date
from decimal import Decimal

from x12_builders import ISA, Claim, Line, Remit, enveloped, transaction
from x12_builders import PLAIN as plain
from x12_reading import at, claims, codes, findings, headers, provider_adjustments, trailers

from knowledge.types.remit import Adjustment, AmountFact, Remark
from tools.x12.remits import read_remits

EVERYTHING = [
    "BPR*I*190*C*ACH*CCP*01*999999992*DA*123*1512345678**01*999988880*DA*98*20260421",
    "TRN*1*EFT1*1512345678*DIV",
    "CUR*PR*USD",
    "REF*EV*RECEIVER1",
    "REF*F2*V2",
    "DTM*405*20260420",
    "N1*PR*CASCADE HEALTH PLAN*XV*HPID1",
    "N3*PO BOX 1*FLOOR 2",
    "N4*BOISE*ID*83701",
    "REF*2U*CASC1",
    "REF*NF*12345",
    "REF*EO*SUB9",
    "PER*CX**TE*2085550100",
    "PER*BL*JO*TE*2085550101*EM*edi@example.com",
    "PER*IC**UR*www.example.com",
    "N1*PE*CEDAR ONCOLOGY*XX*1999999992",
    "N3*12 MAIN ST",
    "N4*DENVER*CO*80202",
    "REF*TJ*841234567",
    "RDM*FT*A B*ftp.example.com",
    "LX*7",
    "TS3*1999999992*11*20261231*1*500",
    "TS2*100*50",
    "CLP*C1*1*500*200*20*MB*ICN1*11*7**410*1.5*0.75",
    "CAS*CO*24*100",
    "NM1*QC*1*ALDER*SUE*Q**JR*MI*W1",
    "NM1*IL*1*ALDER*BOB****MI*W9",
    "NM1*74*1*ALDER*SUSAN****C*W2",
    "NM1*82*1*RUIZ*DANA****XX*1888888883",
    "NM1*TT*2*MEDB*****PI*00590",
    "NM1*PR*2*OTHER PAYER*****PI*OP1",
    "NM1*GB*1*OTHER*INSURED",
    "MIA*0***38*MA07*1**************MA08*MA09*MA10*MA11",
    "MOA*0.8*40*MA01*MA02*MA03*MA04*MA05*3*4",
    "REF*EA*MRN1",
    "REF*CE*CLASS A",
    "REF*0B*LIC1",
    "DTM*050*20260405",
    "DTM*232*20260316",
    "DTM*233*20260317",
    "DTM*036*20271231",
    "PER*CX*CLAIMS*TE*2085550102",
    "AMT*AU*400",
    "AMT*F5*10",
    "QTY*CA*3",
    "SVC*HC:J9271:JZ:KX:RT:LT:PEMBRO*400*200*0636*300*HC:J9999:JW::::OLD*400",
    "DTM*150*20260316",
    "DTM*151*20260317",
    "CAS*CO*45*150*20*16*20*5",
    "CAS*PR*1*25**2*5",
    "REF*6R*L1",
    "REF*G1*AUTH1",
    "REF*0K*L33394",
    "REF*F8*ORIG1",
    "REF*LU*11",
    "AMT*B6*250",
    "AMT*KH*1",
    "QTY*ZK*2",
    "LQ*HE*N130",
    "LQ*RX*70",
    "PLB*1999999992*20261231*WO:ICN0*15*L6*-5",
]
FILE = plain.render(enveloped([transaction("835", EVERYTHING)]))


def test_the_guide_in_full_leaves_nothing_unknown() -> None:
    assert codes(FILE) == []
    (claim,), (header,), (trailer,) = claims(FILE), headers(FILE), trailers(FILE)
    assert claim.unknown == header.unknown == trailer.unknown == claim.lines[0].unknown == ()


def test_header_says_who_paid_whom_how_and_when() -> None:
    (header,) = headers(FILE)
    assert header.paid == Decimal(190)
    assert (header.handling, header.credit_debit, header.method) == ("I", "C", "ACH")
    assert header.paid_on == date(2026, 4, 21)
    assert header.produced_on == date(2026, 4, 20)
    assert (header.trace_number, header.originator_id) == ("EFT1", "1512345678")
    assert header.payer_ids == ("HPID1", "CASC1", "12345", "1512345678", "SUB9")
    assert header.payer is not None
    assert header.payer.last_or_org == "CASCADE HEALTH PLAN"
    assert header.payee is not None
    assert (header.payee.id_qualifier, header.payee.id) == ("XX", "1999999992")
    assert [(one.qualifier, one.value) for one in header.payee_references] == [("TJ", "841234567")]
    assert [one.qualifier for one in header.references] == ["EV", "F2"]
    assert header.currency == ("PR", "USD")
    assert header.delivery == ("FT", "A B", "ftp.example.com")
    assert header.payer_address == ("PO BOX 1", "FLOOR 2", "BOISE", "ID", "83701")
    assert header.payee_address == ("12 MAIN ST", "DENVER", "CO", "80202")
    assert len(header.contacts) == 3
    assert header.version == "005010X221A1"
    assert header.control_number == "0001"
    assert header.interchange[12] == "000000001"
    assert header.group[0] == "HP"
    assert len(header.bpr) == 16
    assert header.trn == ("1", "EFT1", "1512345678", "DIV")


def test_claim_carries_every_fact_of_loop_2100() -> None:
    (claim,) = claims(FILE)
    assert (claim.claim_id, claim.status, claim.filing, claim.facility, claim.frequency) == (
        "C1",
        "1",
        "MB",
        "11",
        "7",
    )
    assert (claim.charge, claim.paid, claim.patient_share) == (Decimal(500), Decimal(200), Decimal(20))
    assert claim.payer_claim_number == "ICN1"
    assert (claim.drg, claim.drg_weight, claim.discharge_fraction) == ("410", Decimal("1.5"), Decimal("0.75"))
    assert claim.adjustments == (Adjustment("CO", "24", Decimal(100)),)
    assert claim.patient is not None
    assert (claim.patient.last_or_org, claim.patient.suffix, claim.patient.id) == ("ALDER", "JR", "W1")
    assert claim.insured is not None
    assert claim.insured.id == "W9"
    assert [party.entity for party in claim.parties] == ["74", "82", "TT", "PR", "GB"]
    assert [remark.code for remark in claim.remarks] == [
        *("MA07", "MA08", "MA09", "MA10", "MA11"),
        *("MA01", "MA02", "MA03", "MA04", "MA05"),
    ]
    assert {remark.qualifier for remark in claim.remarks} == {"MIA", "MOA"}
    assert claim.outpatient[:2] == ("0.8", "40")
    assert claim.inpatient[3] == "38"
    assert [one.qualifier for one in claim.references] == ["EA", "CE", "0B"]
    assert {one.qualifier: one.day for one in claim.dates} == {
        "050": date(2026, 4, 5),
        "232": date(2026, 3, 16),
        "233": date(2026, 3, 17),
        "036": date(2027, 12, 31),
    }
    assert claim.amounts == (AmountFact("AU", Decimal(400)), AmountFact("F5", Decimal(10)))
    assert claim.quantities == (AmountFact("CA", Decimal(3)),)
    assert claim.contacts == (("CX", "CLAIMS", "TE", "2085550102"),)
    assert claim.header_number == "7"


def test_line_carries_every_fact_of_loop_2110() -> None:
    (line,) = claims(FILE)[0].lines
    assert (line.code_qualifier, line.hcpcs, line.modifiers) == ("HC", "J9271", ("JZ", "KX", "RT", "LT"))
    assert line.description == "PEMBRO"
    assert (line.charge, line.paid, line.revenue_code) == (Decimal(400), Decimal(200), "0636")
    assert (line.units_paid, line.units_submitted) == (Decimal(300), Decimal(400))
    assert (line.submitted_qualifier, line.submitted_hcpcs) == ("HC", "J9999")
    assert line.submitted_modifiers == ("JW",)
    assert (line.service_date, line.service_end) == (date(2026, 3, 16), date(2026, 3, 17))
    assert line.line_control == "L1"
    assert line.adjustments == (
        Adjustment("CO", "45", Decimal(150), Decimal(20)),
        Adjustment("CO", "16", Decimal(20), Decimal(5)),
        Adjustment("PR", "1", Decimal(25)),
        Adjustment("PR", "2", Decimal(5)),
    )
    assert line.remarks == (Remark("HE", "N130"), Remark("RX", "70"))
    assert {one.qualifier: one.value for one in line.references} == {
        "6R": "L1",
        "G1": "AUTH1",
        "0K": "L33394",
        "F8": "ORIG1",
        "LU": "11",
    }
    assert line.amounts == (AmountFact("B6", Decimal(250)), AmountFact("KH", Decimal(1)))
    assert line.quantities == (AmountFact("ZK", Decimal(2)),)


def test_places_point_at_the_segments_themselves() -> None:
    (claim,) = claims(FILE)
    assert at(FILE, claim.place).startswith(b"CLP*C1*")
    assert at(FILE, claim.lines[0].place).startswith(b"SVC*HC:J9271")
    assert claim.place.segment == EVERYTHING.index(next(s for s in EVERYTHING if s.startswith("CLP"))) + 4
    assert claim.lines[0].place.segment == claim.place.segment + 22
    assert at(FILE, trailers(FILE)[0].place).startswith(b"SE*")
    assert at(FILE, provider_adjustments(FILE)[0].place).startswith(b"PLB*")


def test_provider_adjustments_and_trailer_add_up() -> None:
    first, second = provider_adjustments(FILE)
    assert (first.reason, first.reference, first.amount) == ("WO", "ICN0", Decimal(15))
    assert (second.reason, second.reference, second.amount) == ("L6", "", Decimal(-5))
    assert first.provider_id == "1999999992"
    assert first.fiscal_period == "20261231"
    (trailer,) = trailers(FILE)
    assert trailer.claims == 1
    assert trailer.paid_claims_total == Decimal(200)
    assert trailer.provider_adjustments_total == Decimal(10)
    assert trailer.segment_count == trailer.declared_segment_count == len(EVERYTHING) + 2
    assert [one.segment for one in trailer.provider_summaries] == ["TS3", "TS2"]
    assert trailer.provider_summaries[0].header_number == "7"


def test_claim_text_is_its_own_segments() -> None:
    (claim,) = claims(FILE)
    assert claim.text.startswith("CLP*C1*1*500*")
    assert claim.text.endswith("LQ*RX*70~")
    assert "PLB" not in claim.text
    assert claim.text.count("~") == len(EVERYTHING) - 23 - 1


def test_blank_cas_slots_in_the_middle_are_stepped_over() -> None:
    line = Line(cas=("CO*45*50.00*****16*30.00*2****20*20.00", "CO*97*0.00"))
    (claim,) = claims(Remit((Claim(lines=(line,)),)).bytes())
    assert claim.lines[0].adjustments == (
        Adjustment("CO", "45", Decimal("50.00")),
        Adjustment("CO", "16", Decimal("30.00"), Decimal(2)),
        Adjustment("CO", "20", Decimal("20.00")),
        Adjustment("CO", "97", Decimal("0.00")),
    )


def test_six_slots_in_one_cas_are_read() -> None:
    line = Line(cas=("OA*1*10**2*10**3*10**4*10**5*10**6*50*9",))
    (claim,) = claims(Remit((Claim(lines=(line,)),)).bytes())
    assert [one.carc for one in claim.lines[0].adjustments] == ["1", "2", "3", "4", "5", "6"]
    assert claim.lines[0].adjustments[-1].quantity == Decimal(9)


def test_other_procedure_qualifiers_keep_their_code() -> None:
    lines = tuple(
        Line(code=code, charge="0", paid="0", cas=())
        for code in ("N4:00006302602", "NU:0636", "ER:A1", "HP:H0001", "HC")
    )
    (claim,) = claims(Remit((Claim(charge="0", paid="0", lines=lines),)).bytes())
    assert [(line.code_qualifier, line.hcpcs) for line in claim.lines] == [
        ("N4", "00006302602"),
        ("NU", "0636"),
        ("ER", "A1"),
        ("HP", "H0001"),
        ("HC", ""),
    ]


def test_blank_paid_units_stay_unknown() -> None:
    (claim,) = claims(Remit((Claim(lines=(Line(units=""),)),)).bytes())
    assert claim.lines[0].units_paid is None


def test_six_provider_adjustments_with_composite_reasons() -> None:
    slots = "*".join(f"{reason}:REF{at}*{at}.00" for at, reason in enumerate(("WO", "FB", "72", "L6", "CS", "J1")))
    found = provider_adjustments(Remit(plb=(f"1999999992*20261231*{slots}",)).bytes())
    assert [one.reason for one in found] == ["WO", "FB", "72", "L6", "CS", "J1"]
    assert found[5].reference == "REF5"
    assert found[5].amount == Decimal("5.00")


def test_unknown_segment_is_kept_and_counted() -> None:
    line = Line(more=("DTM*472*20260316", "ZZZ*1", "ZZZ*2"))
    data = Remit((Claim(lines=(line,), head=("YYY*A",)),)).bytes()
    (claim,) = claims(data)
    assert claim.unknown == ("YYY*A",)
    assert claim.lines[0].unknown == ("ZZZ*1", "ZZZ*2")
    said = {finding.says: finding for finding in findings(data)}
    once = "YYY is no segment of loop 2100; kept as text: once, here"
    twice = "ZZZ is no segment of loop 2110; kept as text: 2 times, first here"
    assert set(said) == {once, twice}
    place = said[twice].place
    assert at(data, place).startswith(b"ZZZ*1")


def test_elements_beyond_the_guide_are_kept() -> None:
    line = Line(more=("DTM*472*20260316", "REF*6R*L1*TEXT*MORE"))
    data = Remit((Claim(lines=(line,)),)).bytes()
    (claim,) = claims(data)
    assert claim.lines[0].line_control == "L1"
    assert claim.lines[0].unknown == ("REF*6R*L1*TEXT*MORE",)
    assert codes(data) == ["surplus-elements"]


def test_loops_2000_number_the_claims_between_them() -> None:
    body = Remit((Claim("C1"), Claim("C2")), paid="600.00").body()
    at_second = next(index for index, segment in enumerate(body) if segment.startswith("CLP*C2"))
    body[at_second:at_second] = ["LX*2", "TS3*1999999992*11*20261231*1*400"]
    data = plain.render(enveloped([transaction("835", body)]))
    assert [claim.header_number for claim in claims(data)] == ["1", "2"]
    assert all("LX" not in claim.text for claim in claims(data))
    assert trailers(data)[0].provider_summaries[0].header_number == "2"
    assert [at(data, claim.place)[:6] for claim in claims(data)] == [b"CLP*C1", b"CLP*C2"]
    assert claims(data)[1].place.segment == claims(data)[0].place.segment + 8
    assert codes(data) == []


def test_claim_number_that_spells_a_tag_is_a_claim_number() -> None:
    data = Remit((Claim("CAS"), Claim("REF")), paid="600.00").bytes()
    assert [claim.claim_id for claim in claims(data)] == ["CAS", "REF"]


def test_reversal_keeps_its_negative_amounts() -> None:
    line = Line(charge="-400.00", paid="-300.00", cas=("CO*45*-100.00",))
    data = Remit((Claim(status="22", charge="-400.00", paid="-300.00", lines=(line,)),)).bytes()
    (claim,) = claims(data)
    assert (claim.status, claim.paid) == ("22", Decimal("-300.00"))
    assert codes(data) == []


def test_4010_ranges_groups_and_statuses_are_read() -> None:
    line = Line(cas=("CR*45*100.00",), more=("DTM*150****RD8*20260316-20260318",))
    body = Remit((Claim(status="10", lines=(line,)),)).body()
    isa = ISA.replace("*^*00501*", "*U*00401*")
    data = plain.render(enveloped([transaction("835", body)], version="004010X091A1", isa=isa))
    (claim,) = claims(data)
    assert claim.status == "10"
    assert claim.lines[0].adjustments[0].group == "CR"
    assert (claim.lines[0].service_date, claim.lines[0].service_end) == (date(2026, 3, 16), date(2026, 3, 18))
    assert headers(data)[0].version == "004010X091A1"
    assert codes(data) == []


def test_collector_is_back_on_when_the_stream_ends_or_is_left() -> None:
    assert gc.isenabled()
    list(read_remits(FILE, "f"))
    assert gc.isenabled()
    stream = read_remits(FILE, "f")
    next(stream)
    del stream
    assert gc.isenabled()
