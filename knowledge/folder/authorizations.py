"""Reads auths/*.csv: what payers authorized, one service a row."""

from knowledge.folder.cells import Cells
from knowledge.folder.csv_rows import Form, read_rows
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Authorization
from knowledge.types.reading import ReadingFinding

STATUSES = ("approved", "denied", "pended", "voided")
BASES = ("billing_units", "mg", "mcg", "ml", "vials", "doses", "visits")


def _build(cells: Cells) -> Authorization | None:
    first, last = cells.span()
    basis = cells.choice("quantity_basis", BASES)
    quantity = cells.amount("quantity")
    fields = {
        "source": cells.source,
        "raw": cells.raw,
        "auth_number": cells.identifier("auth_number", needed=True),
        "payer_id": cells.payer(),
        "member_id": cells.identifier("member_id", needed=True),
        "status": cells.choice("status", STATUSES, needed=True),
        "hcpcs": cells.hcpcs(),
        "diagnosis_codes": cells.diagnoses("diagnosis_codes"),
        "quantity": quantity,
        "quantity_basis": basis,
        "per": cells.choice("per", ("dose", "total")),
        "doses": cells.amount("doses"),
        "start_date": first,
        "end_date": last,
        "servicing_npi": cells.identifier("servicing_npi"),
        "place_of_service": cells.text("place_of_service"),
        "decided_on": cells.day("decided_on"),
        "denial_reason": cells.text("denial_reason"),
        "document": cells.text("document"),
    }
    if quantity is not None and basis is None and not cells.problems:
        says = f"quantity {quantity} without quantity_basis: what it counts is unknown"
        cells.doubts.append(("quantity-without-basis", says))
    return None if cells.problems else Authorization.model_validate(fields)


AUTHORIZATIONS = Form(
    kind="authorization",
    columns=(
        "auth_number",
        "payer_id",
        "member_id",
        "status",
        "hcpcs",
        "diagnosis_codes",
        "quantity",
        "quantity_basis",
        "per",
        "doses",
        "start_date",
        "end_date",
        "servicing_npi",
        "place_of_service",
        "decided_on",
        "denial_reason",
        "document",
    ),
    required=("auth_number", "payer_id", "member_id", "status", "hcpcs"),
    keys=("auth_number", "payer_id", "member_id"),
    build=_build,
)


def read_authorizations(
    text: str, file: str = "auths/auths.csv", payers: PayerDirectory | None = None
) -> tuple[tuple[Authorization, ...], tuple[ReadingFinding, ...]]:
    """Read authorization rows; every fault is a finding with its row, and the other rows are kept."""
    read = read_rows(AUTHORIZATIONS, text, file, payers)
    return read.rows, read.findings
