"""Reads coverage/*.csv: verified eligibility, one span a row."""

from typing import get_args

from knowledge.folder.cells import Cells
from knowledge.folder.csv_rows import Form, read_rows
from knowledge.payers import PayerDirectory
from knowledge.types.practice import CoverageSpan, LineOfBusiness
from knowledge.types.reading import ReadingFinding

ORDERS = ("primary", "secondary", "tertiary")
PLAN_TYPES = (*get_args(LineOfBusiness), "hospice", "snf")


def _build(cells: Cells) -> CoverageSpan | None:
    first, last = cells.span()
    plan_type = cells.text("plan_type").lower()
    if plan_type and plan_type not in PLAN_TYPES:
        says = f"plan_type {plan_type!r} is not known; expected one of {', '.join(PLAN_TYPES)}"
        cells.doubts.append(("plan-type-unknown", says))
    fields = {
        "source": cells.source,
        "raw": cells.raw,
        "payer_id": cells.payer(),
        "member_id": cells.identifier("member_id", needed=True),
        "patient_last": cells.text("patient_last"),
        "patient_first": cells.text("patient_first"),
        "birth_date": cells.day("birth_date"),
        "start_date": first,
        "end_date": last,
        "order": cells.choice("order", ORDERS),
        "plan_type": plan_type,
        "verified_on": cells.day("verified_on"),
        "trace": cells.text("trace"),
    }
    return None if cells.problems else CoverageSpan.model_validate(fields)


COVERAGE = Form(
    kind="coverage",
    columns=(
        "payer_id",
        "member_id",
        "patient_last",
        "patient_first",
        "birth_date",
        "start_date",
        "end_date",
        "order",
        "plan_type",
        "verified_on",
        "trace",
    ),
    required=("payer_id", "member_id"),
    keys=("payer_id", "member_id"),
    build=_build,
)


def read_coverage(
    text: str, file: str = "coverage/coverage.csv", payers: PayerDirectory | None = None
) -> tuple[tuple[CoverageSpan, ...], tuple[ReadingFinding, ...]]:
    """Read coverage rows; every fault is a finding with its row, and the other rows are kept."""
    read = read_rows(COVERAGE, text, file, payers)
    return read.rows, read.findings
