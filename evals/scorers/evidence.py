"""Score evidence: does the cited source exist, does the quote stand in it, does it say what is said of it.

Each citation is opened in the practice folder, apart from the product's own readers. What cannot be opened here (a
calculation, a PDF's text) is counted as not checked, never as right.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from evals.scorers import cited
from evals.scorers.cited import Opened, Unopened
from evals.scorers.documents import Documents
from evals.scorers.statements import unsupported
from knowledge.types.record import DenialRecord, RecordEvidence


class Checked(NamedTuple):
    """What came of one citation; None = could not be checked here, and `problem` says why or what is wrong."""

    denial_id: str
    id: str
    kind: str
    source: bool | None
    quote: bool | None
    says: bool | None
    problem: str


_OPENERS: dict[str, Callable[[Documents, str], Opened | Unopened]] = {
    "remit": cited.x12_segment,
    "acknowledgement": cited.x12_segment,
    "claim": cited.x12_segment,
    "authorization": cited.table_row,
    "coverage": cited.table_row,
    "chart": cited.chart_resource,
    "policy": cited.policy_section,
    "contract": cited.contract_or_setting,
    "code_table": cited.code_row,
}


def score_evidence(record: DenialRecord, documents: Documents) -> tuple[Checked, ...]:
    """Open every citation of a record."""
    return tuple(_check(record, item, documents) for item in record.evidence)


def _check(record: DenialRecord, item: RecordEvidence, documents: Documents) -> Checked:
    denial_id = record.denial_id
    opener = _OPENERS.get(item.kind)
    if opener is None:
        return Checked(denial_id, item.id, item.kind, None, None, None, "a calculation has no document to open")
    found = opener(documents, item.source)
    if isinstance(found, Unopened):
        return Checked(denial_id, item.id, item.kind, found.there, None, None, f"{item.source}: {found.why}")
    quote = found.holds(item.quote) if item.quote is not None else None
    lacking = unsupported(item.says, f"{found.wide} {_asked(record, item.kind, found.wide)}") if found.states else []
    problems = []
    if quote is False:
        problems.append(f"the quote does not stand in {item.source}: {item.quote}")
    if lacking:
        problems.append(f"{item.source} does not show {', '.join(lacking)} of: {item.says}")
    says = not lacking if found.states else None
    return Checked(denial_id, item.id, item.kind, True, quote, says, "; ".join(problems))


def _asked(record: DenialRecord, kind: str, row: str) -> str:
    """Return what a table does not print itself: the date it is asked about; of a rate, the units and their amount."""
    line = record.line
    if line is None or kind not in ("code_table", "contract"):
        return ""
    units = line.units or ""
    if kind == "code_table" or not re.fullmatch(r"\d+(\.\d+)?", units):
        return line.service_date or ""
    amounts = (f"{Decimal(rate) * Decimal(units):f}" for rate in re.findall(r"\d+\.\d+", row))
    return " ".join((line.service_date or "", units, *amounts))
