"""Reads contracts/*.csv: contracted amounts per billing unit."""

from knowledge.folder.cells import Cells
from knowledge.folder.csv_rows import Form, read_rows
from knowledge.payers import PayerDirectory
from knowledge.types.practice import ContractRate
from knowledge.types.reading import ReadingFinding


def _build(cells: Cells) -> ContractRate | None:
    first, last = cells.span()
    codes = cells.hcpcs()
    if len(codes) != 1:
        cells.problems.append(f"hcpcs {cells.text('hcpcs')!r}: expected one code")
    if not cells.text("rate"):
        cells.problems.append("rate is blank")
    fields = {
        "source": cells.source,
        "raw": cells.raw,
        "payer_id": cells.payer(),
        "hcpcs": codes[0] if codes else "",
        "start_date": first,
        "end_date": last,
        "rate": cells.amount("rate"),
    }
    return None if cells.problems else ContractRate.model_validate(fields)


CONTRACTS = Form(
    kind="contract",
    columns=("payer_id", "hcpcs", "start_date", "end_date", "rate"),
    required=("payer_id", "hcpcs", "rate"),
    keys=("payer_id", "hcpcs"),
    build=_build,
)


def read_contracts(
    text: str, file: str = "contracts/contracts.csv", payers: PayerDirectory | None = None
) -> tuple[tuple[ContractRate, ...], tuple[ReadingFinding, ...]]:
    """Read contracted rates; every fault is a finding with its row, and the other rows are kept."""
    read = read_rows(CONTRACTS, text, file, payers)
    return read.rows, read.findings
