"""Writes claim acknowledgements (277CA, 005010X214)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from evals.practices.building.envelope import Segment, composite, interchange, transaction, x12_day
from evals.practices.building.patients import Patient
from evals.practices.building.remits import number
from evals.practices.building.story import Ack, Case, Delimiters, PracticeSpec

VERSION = "005010X214"


def ack_file(
    acks: Sequence[Ack],
    cases: Mapping[str, Case],
    icns: Mapping[str, str],
    patients: Mapping[str, Patient],
    payer_name: str,
    spec: PracticeSpec,
    practice: Mapping[str, str],
    control: str,
) -> bytes:
    """Write one 277CA with one status a claim; all rows of a file are of one source and one day."""
    first = acks[0]
    facts = spec.payers[first.payer]
    on = x12_day(first.on)
    source = spec.clearinghouse[0] if first.by == "AY" else payer_name.upper()
    source_id = spec.clearinghouse[1] if first.by == "AY" else first.payer
    total = sum((_charge(cases[ack.claim]) for ack in acks), Decimal(0))
    body: list[Segment] = [
        ("BHT", "0085", "08", control, on, "0710", "TH"),
        ("HL", "1", "", "20", "1"),
        ("NM1", first.by, "2", source, "", "", "", "", "46", source_id),
        ("TRN", "1", f"S{control}"),
        ("DTP", "050", "D8", on),
        ("DTP", "009", "D8", on),
        ("HL", "2", "1", "21", "1"),
        ("NM1", "41", "2", practice["name"].upper(), "", "", "", "", "46", practice["tax_id"]),
        ("TRN", "2", f"B{control}"),
        ("STC", composite("A1", "19", first.entity), on, "WQ", number(total)),
        ("HL", "3", "2", "19", "1"),
        ("NM1", "85", "2", practice["name"].upper(), "", "", "", "", "XX", practice["npi"]),
        ("TRN", "1", f"P{control}"),
        ("STC", composite("A1", "19", first.entity), "", "WQ", number(total)),
    ]
    for position, ack in enumerate(acks, start=4):
        body += _claim(ack, str(position), cases[ack.claim], icns[ack.claim], patients)
    return interchange(
        [transaction("277", "0001", body, VERSION)],
        "HN",
        VERSION,
        facts.receiver,
        spec.sender,
        first.on,
        control,
        Delimiters(),
    )


def _claim(ack: Ack, position: str, case: Case, icn: str, patients: Mapping[str, Patient]) -> list[Segment]:
    patient = patients[case.patient]
    name = (patient.last.upper(), patient.first.upper())
    accepted = ack.category in {"A1", "A2"}
    out: list[Segment] = [
        ("HL", position, "3", "PT"),
        ("NM1", "QC", "1", *name, "", "", "", "MI", patient.member(case)),
        ("TRN", "2", case.claim),
        (
            "STC", composite(ack.category, ack.status, ack.entity), x12_day(ack.on),
            "WQ" if accepted else "U", number(_charge(case)),
        ),
    ]  # fmt: skip
    if ack.numbered and accepted:
        out.append(("REF", "1K", icn))
    out.append(("DTP", "472", "D8", x12_day(case.on)))
    return out


def _charge(case: Case) -> Decimal:
    return sum((line.charge for line in case.lines), Decimal(0))
