"""Submitted claims (837P): hierarchy, loops, lines."""

from datetime import date
from decimal import Decimal

from x12_builders import PLAIN, Style, enveloped, transaction

from knowledge.types.claim import DrugIdentification, OtherInsurance, SubmittedClaim
from knowledge.types.reading import ReadingFinding
from tools.x12.claims import read_claims

TOP = [
    "BHT*0019*00*1*20260317*1200*CH",
    "NM1*41*2*CEDAR*****46*1",
    "PER*IC*X*TE*3035550100",
    "NM1*40*2*CASCADE*****46*2",
    "HL*1**20*1",
    "PRV*BI*PXC*207RX0202X",
    "NM1*85*2*CEDAR ONCOLOGY*****XX*1999999992",
    "N3*12 MAIN ST",
    "N4*DENVER*CO*80202",
    "REF*EI*841234567",
    "NM1*87*2",
    "N3*PO BOX 5",
]
SUBSCRIBER = [
    "HL*2*1*22*0",
    "SBR*P*18*GRP1******CI",
    "NM1*IL*1*ALDER*BOB****MI*W1",
    "N3*1 ELM ST",
    "N4*DENVER*CO*80203",
    "DMG*D8*19600102*M",
    "NM1*PR*2*CASCADE HEALTH*****PI*CASC1",
    "N3*PO BOX 1",
]
PATIENT = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*ALDER*SUE", "N3*2 ELM ST", "N4*DENVER*CO*80204", "DMG*D8*19620102*F"]
CLAIM = [
    "CLM*C1*1000***11:B:7*Y*A*Y*Y",
    "DTP*431*D8*20260301",
    "PWK*OZ*EL***AC*77",
    "REF*G1*AUTH1",
    "REF*9F*REFER1",
    "REF*F8*ICN9",
    "NTE*ADD*DOSE CHANGED",
    "HI*ABK:C3411*ABF:Z5111",
    "HI*BP:00100",
    "NM1*DN*1*WHO*DOC****XX*1111111112",
    "REF*0B*LICENCE",
    "NM1*82*1*RUIZ*DANA****XX*1888888883",
    "PRV*PE*PXC*207RX0202X",
    "SBR*S*18*******MB",
    "CAS*CO*45*10",
    "AMT*D*5",
    "OI***Y***Y",
    "NM1*IL*1*ALDER*SUE****MI*1EG4",
    "NM1*PR*2*MEDICARE*****PI*MEDB",
    "REF*F8*OTHERICN",
    "REF*G1*OTHERAUTH",
]
LINES = [
    "LX*1",
    "SV1*HC:J9271:JZ:KX:::PEMBROLIZUMAB*900*UN*400*11**1:2",
    "DTP*472*D8*20260316",
    "REF*6R*L1",
    "REF*G1*LINEAUTH",
    "REF*G1*OTHERS**2U:MEDB",
    "REF*G1*OURS**2U:CASC1",
    "MEA*TR*R1*9.8",
    "NTE*ADD*LINE NOTE",
    "LIN**N4*00006302602",
    "CTP****16*ML",
    "REF*XZ*RX1",
    "NM1*DK*1*ORDER*PAT****XX*1777777779",
    "REF*0B*X",
    "SVD*MEDB*0*HC:J9271**400",
    "CAS*CO*45*10",
    "LX*2",
    "SV1*HC:96413*100*UN*1***1",
    "DTP*472*RD8*20260316-20260317",
]


def file(*parts: list[str], style: Style = PLAIN) -> bytes:
    body = [segment for part in parts for segment in part]
    return style.render(enveloped([transaction("837", body)], functional="HC", version="005010X222A1"))


def read(data: bytes) -> tuple[list[SubmittedClaim], list[ReadingFinding]]:
    events = list(read_claims(data, "f.837"))
    return (
        [event for event in events if isinstance(event, SubmittedClaim)],
        [event for event in events if isinstance(event, ReadingFinding)],
    )


def test_claim_knows_its_subscriber_payer_and_biller() -> None:
    (claim,), found = read(file(TOP, SUBSCRIBER, CLAIM, LINES))
    assert found == []
    assert (claim.claim_id, claim.charge) == ("C1", Decimal(1000))
    assert (claim.payer_id, claim.payer_name) == ("CASC1", "CASCADE HEALTH")
    assert (claim.member_id, claim.patient_last, claim.patient_first) == ("W1", "ALDER", "BOB")
    assert (claim.birth_date, claim.sex) == (date(1960, 1, 2), "M")
    assert claim.patient_address == ("1 ELM ST", "DENVER", "CO", "80203")
    assert (claim.billing_npi, claim.billing_tax_id) == ("1999999992", "841234567")
    assert (claim.sequence, claim.filing, claim.group_number) == ("P", "CI", "GRP1")
    assert claim.submitted_on == date(2026, 3, 17)


def test_claim_carries_its_own_facts_and_not_those_of_other_loops() -> None:
    (claim,), _ = read(file(TOP, SUBSCRIBER, CLAIM, LINES))
    assert (claim.place_of_service, claim.frequency, claim.original_reference) == ("11", "7", "ICN9")
    assert claim.authorizations == ("AUTH1",)
    assert claim.referrals == ("REFER1",)
    assert claim.diagnoses == ("C3411", "Z5111")
    assert claim.providers == (("85", "1999999992"), ("DN", "1111111112"), ("82", "1888888883"))
    assert claim.provider_names[2] == ("82", "DANA RUIZ")
    assert claim.attachments == (("OZ", "EL", "", "", "AC", "77"),)
    assert claim.notes == ("DOSE CHANGED",)
    assert claim.dates == (("431", "20260301"),)
    assert claim.other_insurance == (OtherInsurance("S", "MEDICARE", "MEDB", "1EG4", "MB"),)
    assert "REF*0B*LICENCE" in claim.unknown
    assert "HI*BP:00100" in claim.unknown


def test_line_carries_drug_dates_and_its_own_authorizations() -> None:
    (claim,), _ = read(file(TOP, SUBSCRIBER, CLAIM, LINES))
    first, second = claim.lines
    assert (first.number, first.code_qualifier, first.hcpcs) == ("1", "HC", "J9271")
    assert first.modifiers == ("JZ", "KX")
    assert first.description == "PEMBROLIZUMAB"
    assert (first.charge, first.units, first.unit_basis) == (Decimal(900), Decimal(400), "UN")
    assert (first.place_of_service, first.diagnosis_pointers) == ("11", (1, 2))
    assert (first.start_date, first.end_date) == (date(2026, 3, 16), None)
    assert first.line_control == "L1"
    assert first.authorizations == ("LINEAUTH", "OURS")
    assert ("G1", "OTHERS") in first.references
    assert first.drug == DrugIdentification("N4", "00006302602", Decimal(16), "ML")
    assert first.providers == (("DK", "1777777779"),)
    assert first.measurements == (("TR", "R1", "9.8"),)
    assert first.notes == ("LINE NOTE",)
    assert first.adjudications == (("MEDB", "0", "HC:J9271", "", "400"),)
    assert first.unknown == ("REF*0B*X", "CAS*CO*45*10")
    assert (second.start_date, second.end_date) == (date(2026, 3, 16), date(2026, 3, 17))
    assert second.drug is None


def test_patient_loop_overrides_name_birth_date_and_address_but_not_the_member() -> None:
    (claim,), _ = read(file(TOP, SUBSCRIBER, PATIENT, CLAIM, LINES))
    assert (claim.patient_first, claim.birth_date, claim.sex) == ("SUE", date(1962, 1, 2), "F")
    assert claim.patient_address[0] == "2 ELM ST"
    assert claim.member_id == "W1"


def test_patient_with_a_member_number_of_their_own_has_it() -> None:
    patient = [segment.replace("NM1*QC*1*ALDER*SUE", "NM1*QC*1*ALDER*SUE****MI*W1-02") for segment in PATIENT]
    (claim,), _ = read(file(TOP, SUBSCRIBER, patient, CLAIM, LINES))
    assert claim.member_id == "W1-02"


def test_next_subscriber_starts_afresh() -> None:
    other = [
        "HL*4*1*22*0",
        "SBR*P*18*******MB",
        "NM1*IL*1*BIRCH*ANN****MI*1EG5",
        "NM1*PR*2*MEDICARE*****PI*MEDB",
    ]
    simple = ["CLM*C2*100***11:B:1*Y*A*Y*Y", "HI*ABK:C50911", *LINES[-3:]]
    claims, found = read(file(TOP, SUBSCRIBER, PATIENT, CLAIM, LINES, other, simple))
    assert found == []
    assert [(claim.claim_id, claim.member_id, claim.payer_id) for claim in claims] == [
        ("C1", "W1", "CASC1"),
        ("C2", "1EG5", "MEDB"),
    ]
    assert claims[1].group_number == ""
    assert claims[1].billing_npi == "1999999992"
    assert claims[1].birth_date is None


def test_text_is_the_claims_own_loops() -> None:
    claims, _ = read(file(TOP, SUBSCRIBER, PATIENT, CLAIM, LINES, ["CLM*C2*0***11:B:1*Y"]))
    assert claims[0].text == "".join(segment + "~" for segment in SUBSCRIBER + PATIENT + CLAIM + LINES)
    assert claims[1].text == "".join(segment + "~" for segment in [*SUBSCRIBER, *PATIENT, "CLM*C2*0***11:B:1*Y"])


def test_bad_claim_is_handed_over_and_the_others_are_read() -> None:
    bad = ["CLM*C2*1OO***11:B:1*Y", "LX*1", "SV1*HC:96413*100*UN*1***1"]
    worse = ["CLM*C3*100***11:B:1*Y", "LX*1"]
    data = file(TOP, SUBSCRIBER, CLAIM, LINES, bad, worse, ["CLM*C4*0***11:B:1*Y"])
    claims, found = read(data)
    assert [claim.claim_id for claim in claims] == ["C1", "C4"]
    assert [finding.code for finding in found] == ["bad-claim", "bad-claim"]
    assert found[0].place is not None
    assert data[found[0].place.byte :].startswith(b"CLM*C2")
    assert "no SV1" in found[1].says


def test_bad_dates_and_unknown_segments_leave_the_claim_in() -> None:
    line = ["LX*1", "SV1*HC:96413*1000*UN*1***1", "DTP*472*D8*20260399", "QQQ*1"]
    subscriber = [segment.replace("19600102", "19601302") for segment in SUBSCRIBER]
    (claim,), found = read(file(TOP, subscriber, CLAIM, line))
    assert claim.birth_date is None
    assert claim.lines[0].start_date is None
    assert claim.lines[0].unknown == ("DTP*472*D8*20260399", "QQQ*1")
    assert sorted(finding.code for finding in found) == ["bad-date", "bad-segment", "unknown-segment"]


def test_lines_that_do_not_add_up_are_a_warning() -> None:
    _, found = read(file(TOP, SUBSCRIBER, CLAIM, LINES[:-3]))
    assert [finding.code for finding in found] == ["claim-out-of-balance"]


def test_other_delimiters_and_line_ends_give_the_same_claim() -> None:
    (plain,), _ = read(file(TOP, SUBSCRIBER, PATIENT, CLAIM, LINES))
    (other,), _ = read(file(TOP, SUBSCRIBER, PATIENT, CLAIM, LINES, style=Style("|", ">", "\n")))
    assert other.lines[0].modifiers == plain.lines[0].modifiers
    assert other.diagnoses == plain.diagnoses
    assert other.place.segment == plain.place.segment
    assert (other.lines[0].drug, other.lines[0].authorizations) == (
        plain.lines[0].drug,
        plain.lines[0].authorizations,
    )
