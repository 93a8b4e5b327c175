"""Exhibits from the practice's records: remittance, claim, authorization, acknowledgement, coverage, policy."""

from collections.abc import Sequence

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.claim import SubmittedClaim
from knowledge.types.letters import Exhibit, Table
from knowledge.types.practice import Authorization, CoverageSpan, Policy
from knowledge.types.remit import ClaimPayment, RemitHeader
from tools.packet.printing import day, fields, money, number, segments


def remit_exhibit(header: RemitHeader, payment: ClaimPayment, key: str = "remit") -> Exhibit:
    """Show one claim of a remittance: who paid, each line's adjustments as a table, the segments beneath."""
    payer = header.payer.last_or_org if header.payer else ""
    patient = payment.patient
    rows = [
        (
            "-".join((line.hcpcs, *line.modifiers)),
            day(line.service_date),
            number(line.units_submitted if line.units_submitted is not None else line.units_paid),
            money(line.charge),
            money(line.paid),
            ", ".join(f"{a.group}-{a.carc} {money(a.amount)}" for a in line.adjustments),
            ", ".join(remark.code for remark in line.remarks),
        )
        for line in payment.lines
    ]
    columns = ("Code", "Date of service", "Units", "Charge", "Paid", "Adjustments", "Remarks")
    return Exhibit(
        key=key,
        title=f"Remittance of {day(header.paid_on) or 'unknown date'}",
        source=f"{header.file}, claim {payment.claim_id} (segment {payment.place.segment})",
        fields=fields(
            ("Payer", payer),
            ("Trace number", header.trace_number),
            ("Payer claim number", payment.payer_claim_number),
            ("Claim number", payment.claim_id),
            ("Patient", f"{patient.first} {patient.last_or_org}".strip() if patient else ""),
            ("Claim adjustments", ", ".join(f"{a.group}-{a.carc} {money(a.amount)}" for a in payment.adjustments)),
            ("Claim remarks", ", ".join(remark.code for remark in payment.remarks)),
        ),
        table=Table(title="Lines as adjudicated", columns=columns, rows=tuple(rows)) if rows else None,
        text=segments(payment.text),
        monospace=True,
    )


def claim_exhibit(claim: SubmittedClaim, key: str = "claim") -> Exhibit:
    """Show a claim as it was submitted: header, lines as a table, the segments beneath."""
    rows = tuple(
        (
            line.number,
            "-".join((line.hcpcs, *line.modifiers)),
            day(line.start_date),
            number(line.units),
            money(line.charge),
            line.drug.ndc if line.drug else "",
            ", ".join(line.authorizations),
        )
        for line in claim.lines
    )
    columns = ("Line", "Code", "Date of service", "Units", "Charge", "NDC", "Authorization")
    return Exhibit(
        key=key,
        title=f"Claim {claim.claim_id} as submitted",
        source=f"{claim.file}, claim {claim.claim_id} (segment {claim.place.segment})",
        fields=fields(
            ("Payer", claim.payer_name),
            ("Patient", f"{claim.patient_first} {claim.patient_last}".strip()),
            ("Member ID", claim.member_id),
            ("Submitted", day(claim.submitted_on)),
            ("Authorization", ", ".join(claim.authorizations)),
            ("Diagnoses", ", ".join(claim.diagnoses)),
            ("Total charge", money(claim.charge)),
        ),
        table=Table(title="Lines as billed", columns=columns, rows=rows) if rows else None,
        text=segments(claim.text),
        monospace=True,
    )


def authorization_exhibit(rows: Sequence[Authorization], key: str) -> Exhibit:
    """Show the rows of one authorization: one as a field table, several side by side, as recorded beneath."""
    first = rows[0]
    one = fields(
        ("Authorization", first.auth_number),
        ("Status", first.status),
        ("Member ID", first.member_id),
        ("Codes", ", ".join(first.hcpcs)),
        ("Diagnoses", ", ".join(first.diagnosis_codes)),
        ("Quantity", quantity(first)),
        ("Doses", number(first.doses)),
        ("From", day(first.start_date)),
        ("To", day(first.end_date)),
        ("Servicing NPI", first.servicing_npi),
        ("Place of service", first.place_of_service),
        ("Decided on", day(first.decided_on)),
        ("Reason stated", first.denial_reason),
    )
    table = tuple(
        (", ".join(r.hcpcs), r.status, quantity(r), day(r.start_date), day(r.end_date), day(r.decided_on)) for r in rows
    )
    columns = ("Codes", "Status", "Quantity", "From", "To", "Decided on")
    return Exhibit(
        key=key,
        title=f"Authorization {first.auth_number}",
        source=", ".join(dict.fromkeys(row.source for row in rows if row.source)),
        fields=one if len(rows) == 1 else (),
        table=Table(title="Services authorized", columns=columns, rows=table) if len(rows) > 1 else None,
        text="\n".join(row.raw for row in rows if row.raw),
        monospace=True,
    )


def quantity(row: Authorization) -> str:
    """Print an authorized quantity: "200 billing units per dose"; blank when none is stated."""
    if row.quantity is None:
        return ""
    basis = (row.quantity_basis or "").replace("_", " ")
    per = {"dose": "per dose", "total": "in all", None: ""}[row.per]
    return " ".join(part for part in (number(row.quantity), basis, per) if part)


def acknowledgement_exhibit(found: ClaimAcknowledgement, key: str) -> Exhibit:
    """Show one 277CA answer about a claim."""
    return Exhibit(
        key=key,
        title=f"Claim acknowledgement of {day(found.effective_on or found.received_on) or 'unknown date'}",
        source=f"{found.file} (segment {found.place.segment})",
        fields=fields(
            ("From", found.source_name or found.source_id),
            ("Claim number", found.claim_id),
            ("Category", found.category),
            ("Status", found.status),
            ("Effective", day(found.effective_on)),
            ("Received", day(found.received_on)),
            ("Payer claim number", found.payer_claim_number),
            ("Charge", money(found.charge)),
        ),
        text=segments(found.text),
        monospace=True,
    )


def coverage_exhibit(rows: Sequence[CoverageSpan], key: str = "coverage") -> Exhibit:
    """Show verified eligibility rows as one table, as recorded beneath."""
    table = tuple(
        (
            row.payer_id,
            row.member_id,
            row.order or "",
            day(row.start_date),
            day(row.end_date) or "open",
            day(row.verified_on),
            row.trace,
        )
        for row in rows
    )
    columns = ("Payer", "Member ID", "Order", "From", "To", "Verified on", "Trace")
    return Exhibit(
        key=key,
        title="Verified eligibility",
        source=", ".join(dict.fromkeys(row.source for row in rows if row.source)),
        table=Table(title="Coverage", columns=columns, rows=table),
        text="\n".join(row.raw for row in rows if row.raw),
        monospace=True,
    )


def policy_exhibit(policy: Policy, headings: Sequence[str] = (), key: str = "") -> Exhibit:
    """Show a payer policy's cited sections, or all of it when no heading is named."""
    chosen = [section for section in policy.sections if not headings or section.heading in headings]
    other = [section.heading for section in policy.sections if section not in chosen]
    return Exhibit(
        key=key or f"policy:{policy.policy_id}",
        title=f"Policy {policy.policy_id}, {policy.title}",
        source=policy.source,
        fields=fields(
            ("Policy", policy.policy_id),
            ("In force from", day(policy.effective_from)),
            ("To", day(policy.effective_to)),
            ("Supersedes", policy.supersedes),
        ),
        text="\n\n".join(f"{section.heading}\n{section.text.strip()}" for section in chosen),
        left_out=(f"its sections not cited: {', '.join(other)}",) if other else (),
    )
