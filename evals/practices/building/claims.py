"""Writes claims as submitted (837P, 005010X222A1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from evals.practices.building.envelope import Segment, composite, interchange, transaction, x12_day
from evals.practices.building.patients import Patient
from evals.practices.building.products import Product
from evals.practices.building.remits import line_control, number
from evals.practices.building.story import Case, Delimiters, Line, Other, PracticeSpec, Provider

VERSION = "005010X222A1"
TAXONOMY = "207RX0202X"


def claim_file(
    cases: Sequence[Case],
    payer_name: str,
    sent: date,
    patients: Mapping[str, Patient],
    products: Mapping[str, Product],
    names: Mapping[str, str],
    spec: PracticeSpec,
    practice: Mapping[str, str],
    control: str,
) -> bytes:
    """Write one batch: every claim sent to one payer on one day, in one interchange."""
    facts = spec.payers[cases[0].payer]
    body: list[Segment] = [
        ("BHT", "0019", "00", control, x12_day(sent), "0930", "CH"),
        ("NM1", "41", "2", practice["name"].upper(), "", "", "", "", "46", practice["tax_id"]),
        ("PER", "IC", practice["contact"].upper(), "TE", practice["phone"]),
        ("NM1", "40", "2", payer_name.upper(), "", "", "", "", "46", facts.receiver),
        ("HL", "1", "", "20", "1"),
        ("PRV", "BI", "PXC", TAXONOMY),
        ("NM1", "85", "2", practice["name"].upper(), "", "", "", "", "XX", practice["npi"]),
        ("N3", practice["street"].upper()),
        ("N4", practice["city"].upper(), practice["state"], practice["zip"]),
        ("REF", "EI", practice["tax_id"]),
    ]
    for position, case in enumerate(cases, start=2):
        body += _subscriber(case, str(position), payer_name, patients[case.patient], spec)
        body += _claim(case, spec)
        for other in case.other:
            body += _other_payer(other, patients[case.patient], names[other.payer], spec)
        for number_, line in enumerate(case.lines, start=1):
            body += _line(case, line, number_, products)
    return interchange(
        [transaction("837", "0001", body, VERSION)],
        "HC",
        VERSION,
        spec.sender,
        facts.receiver,
        sent,
        control,
        Delimiters(),
    )


def _subscriber(case: Case, position: str, payer_name: str, patient: Patient, spec: PracticeSpec) -> list[Segment]:
    filing = spec.payers[case.payer].claim_filing
    return [
        ("HL", position, "1", "22", "0"),
        ("SBR", case.sequence, "18", patient.group(case), "", "", "", "", "", filing),
        (
            "NM1",
            "IL",
            "1",
            patient.last.upper(),
            patient.first.upper(),
            "",
            "",
            "",
            "MI",
            patient.member(case),
        ),
        ("N3", patient.street.upper()),
        ("N4", patient.city.upper(), patient.state, patient.zip),
        ("DMG", "D8", x12_day(patient.born), patient.sex),
        ("NM1", "PR", "2", payer_name.upper(), "", "", "", "", "PI", case.payer),
    ]


def _claim(case: Case, spec: PracticeSpec) -> list[Segment]:
    charge = sum((line.charge for line in case.lines), Decimal(0))
    provider = spec.providers[case.rendering]
    out: list[Segment] = [
        (
            "CLM", case.claim, number(charge), "", "", composite(case.pos, "B", case.frequency),
            "Y", "A", "Y", "Y",
        )
    ]  # fmt: skip
    out += [("REF", "G1", auth) for auth in case.auths]
    if case.original:
        out.append(("REF", "F8", case.original))
    if case.trial:
        out.append(("REF", "P4", case.trial))
    out += [("NTE", "ADD", note) for note in case.notes]
    codes = [dx.replace(".", "") for dx in case.dx]
    out.append(("HI", composite("ABK", codes[0]), *(composite("ABF", code) for code in codes[1:])))
    if case.referring:
        out.append(_person("DN", spec.providers[case.referring]))
    out.append(("NM1", "82", "1", provider.last.upper(), provider.first.upper(), "", "", "", "XX", provider.npi))
    out.append(("PRV", "PE", "PXC", TAXONOMY))
    if case.supervising:
        out.append(_person("DQ", spec.providers[case.supervising]))
    return out


def _person(role: str, provider: Provider) -> Segment:
    return ("NM1", role, "1", provider.last.upper(), provider.first.upper(), "", "", "", "XX", provider.npi)


def _other_payer(other: Other, patient: Patient, name: str, spec: PracticeSpec) -> list[Segment]:
    filing = spec.payers[other.payer].claim_filing
    out: list[Segment] = [("SBR", other.sequence, "18", "", "", "", "", "", "", filing)]
    if other.paid is not None:
        out.append(("AMT", "D", number(other.paid)))
    out += [
        ("OI", "", "", "Y", "", "", "Y"),
        ("NM1", "IL", "1", patient.last.upper(), patient.first.upper(), "", "", "", "MI", other.member),
        ("N3", patient.street.upper()),
        ("N4", patient.city.upper(), patient.state, patient.zip),
        ("NM1", "PR", "2", name.upper(), "", "", "", "", "PI", other.payer),
    ]
    return out


def _line(case: Case, line: Line, position: int, products: Mapping[str, Product]) -> list[Segment]:
    code = composite("HC", line.code, *line.mods)
    if line.description:
        padding = [""] * (4 - len(line.mods))
        code = composite("HC", line.code, *line.mods, *padding, line.description)
    pointers = composite(*(str(p) for p in line.pointers))
    out: list[Segment] = [
        ("LX", str(position)),
        ("SV1", code, number(line.charge), "UN", number(line.units), "", "", pointers),
        ("DTP", "472", "D8", x12_day(case.on)),
    ]
    if line.hemoglobin:
        out.append(("MEA", "TR", "R1", line.hemoglobin))
    if position in case.line_auths:
        out.append(("REF", "G1", case.line_auths[position]))
    out.append(("REF", "6R", line_control(case.claim, position)))
    return out + _drug(line, products)


def _drug(line: Line, products: Mapping[str, Product]) -> list[Segment]:
    product = products.get(line.code)
    ndc = line.ndc if line.ndc is not None else (product.ndc if product else "")
    if not ndc:
        return []
    out: list[Segment] = [("LIN", "", "N4", ndc)]
    quantity, unit = line.ndc_quantity, line.ndc_unit
    if product is not None:
        quantity = quantity if quantity is not None else number(product.ndc_quantity(line.units))
        unit = unit if unit is not None else product.ndc_unit
    if quantity or unit:
        out.append(("CTP", "", "", "", quantity or "", unit or ""))
    return out
