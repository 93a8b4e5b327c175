"""Writes remittances (835, 005010X221A1) from settled claims."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from evals.practices.building.envelope import Segment, composite, interchange, transaction, x12_day
from evals.practices.building.patients import Patient
from evals.practices.building.settling import SettledClaim, SettledLine
from evals.practices.building.story import Adj, PayerFacts, PracticeSpec, Remit, SpecError

FISCAL_PERIOD = "20261231"
PLB_SLOTS = 6
CAS_SLOTS = 6


def number(value: Decimal) -> str:
    """Write a number without trailing zeros, as X12 does."""
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def remit_transaction(
    remit: Remit,
    claims: Sequence[SettledClaim],
    patients: Mapping[str, Patient],
    spec: PracticeSpec,
    practice: Mapping[str, str],
    control: str,
) -> list[Segment]:
    """Write one ST*835 with its claims; BPR02 is what claims and provider adjustments add up to.

    Raises:
        SpecError: When the total is negative, which no payer sends.
    """
    payer = spec.payers[remit.payer]
    total = sum((claim.paid for claim in claims), Decimal(0)) - sum((p.amount for p in remit.plb), Decimal(0))
    if total < 0:
        raise SpecError(f"remit {remit.key} pays {total}: carry it forward with a PLB of reason FB")
    body = _header(remit, payer, practice, total, spec.sender)
    body.append(("LX", "1"))
    for claim in claims:
        body += _claim(claim, patients, spec, remit)
    for start in range(0, len(remit.plb), PLB_SLOTS):
        slots = remit.plb[start : start + PLB_SLOTS]
        pairs = [part for row in slots for part in (composite(row.reason, row.reference), number(row.amount))]
        body.append(("PLB", practice["npi"], FISCAL_PERIOD, *pairs))
    return transaction("835", control, body)


def remit_file(transactions: Sequence[Sequence[Segment]], remit: Remit, spec: PracticeSpec, control: str) -> bytes:
    """Write one interchange of remittances."""
    payer = spec.payers[remit.payer]
    return interchange(
        transactions, "HP", remit.version, payer.receiver, spec.sender, remit.paid_on, control, remit.delimiters
    )


def _header(remit: Remit, payer: PayerFacts, practice: Mapping[str, str], total: Decimal, sender: str) -> list[Segment]:
    paid_on = x12_day(remit.paid_on)
    method = "ACH" if total > 0 else "NON"
    bpr: Segment = ("BPR", "I" if total > 0 else "H", number(total), "C", method)
    if total > 0:
        bpr += (
            "CCP",
            "01",
            "124000054",
            "DA",
            "55512077",
            f"1{payer.tax_id}",
            "",
            "01",
            "102000076",
            "DA",
            "90417733",
        )
    else:
        bpr += ("",) * 11
    street, city, state, zip_code = payer.address
    known = remit.payer_id or remit.payer
    n1: Segment = ("N1", "PR", remit.name, "XV", known) if remit.payer_in == "n104" else ("N1", "PR", remit.name)
    head: list[Segment] = [
        (*bpr, paid_on),
        ("TRN", "1", remit.trace, f"1{payer.tax_id}"),
        ("REF", "EV", sender),
        ("DTM", "405", paid_on),
        n1,
        ("N3", street),
        ("N4", city, state, zip_code),
    ]
    if remit.payer_in == "ref2u":
        head.append(("REF", "2U", known))
    head += [
        ("PER", "CX", "PROVIDER SERVICES", "TE", "8005550142"),
        ("PER", "BL", "EDI SUPPORT", "TE", "8005550143"),
        ("N1", "PE", practice["name"].upper(), "XX", practice["npi"]),
        ("N3", practice["street"].upper()),
        ("N4", practice["city"].upper(), practice["state"], practice["zip"]),
        ("REF", "TJ", practice["tax_id"]),
    ]
    return head


def _claim(claim: SettledClaim, patients: Mapping[str, Patient], spec: PracticeSpec, remit: Remit) -> list[Segment]:
    payer = spec.payers[remit.payer]
    case, patient = claim.case, patients[claim.case.patient]
    provider = spec.providers[case.rendering]
    share = number(claim.patient_share) if claim.patient_share else ""
    out: list[Segment] = [
        (
            "CLP", case.claim, claim.status, number(claim.charge), number(claim.paid), share,
            payer.remit_filing, claim.icn, case.pos, case.frequency,
        )
    ]  # fmt: skip
    slots = 1 if remit.split_cas else CAS_SLOTS
    out += _cas(claim.claim_adjustments, claim.sign, slots)
    out.append(
        (
            "NM1",
            "QC",
            "1",
            patient.last.upper(),
            patient.first.upper(),
            "",
            "",
            "",
            "MI",
            patient.member(case),
        )
    )
    out.append(("NM1", "82", "1", provider.last.upper(), provider.first.upper(), "", "", "", "XX", provider.npi))
    remarks = (*claim.moa, *case.claim_remarks)
    if remarks:
        out.append(("MOA", "", "", *remarks))
    if claim.original_icn:
        out.append(("REF", "F8", claim.original_icn))
    if claim.sign > 0:
        out.append(("DTM", "050", x12_day(case.received or case.sent or case.on)))
    for line in claim.lines:
        out += _line(line, case.on, case.claim, claim.sign, slots)
    return out


def _line(settled: SettledLine, on: date, claim: str, sign: int, slots: int) -> list[Segment]:
    line = settled.line
    code = composite("HC", line.code, *line.mods)
    svc: Segment = (
        "SVC",
        composite("HC", line.recoded) if line.recoded else code,
        number(line.charge * sign),
        number(settled.paid * sign),
        "",
        number(settled.units_paid),
    )
    if settled.units_paid != line.units or line.recoded:
        svc += (code if line.recoded else "", number(line.units))
    out: list[Segment] = [svc, ("DTM", "472", x12_day(on))]
    out += _cas(settled.adjustments, sign, slots)
    if line.control:
        out.append(("REF", "6R", line_control(claim, settled.number)))
    if settled.allowed and sign > 0:
        out.append(("AMT", "B6", number(settled.allowed)))
    out += [("LQ", "HE", code) for code in settled.remarks]
    return out


def line_control(claim: str, number_: int) -> str:
    """Name a line as our billing system does: claim number and line number."""
    return f"{claim}L{number_}"


def _cas(rows: Sequence[Adj], sign: int, slots: int) -> list[Segment]:
    out: list[Segment] = []
    for group in dict.fromkeys(row.group for row in rows):
        mine = [row for row in rows if row.group == group]
        for start in range(0, len(mine), slots):
            segment: Segment = ("CAS", group)
            for row in mine[start : start + slots]:
                amount = (row.amount or Decimal(0)) * sign
                quantity = "" if row.quantity is None else number(row.quantity * sign)
                segment += (row.carc, number(amount), quantity)
            out.append(segment)
    return out
