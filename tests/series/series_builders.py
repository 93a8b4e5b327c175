"""Denial records that share something, or nearly do."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "watching"))

from watch_builders import record

from knowledge.types.record import (
    DenialRecord,
    RecordEvidence,
    RecordLine,
    RecordLink,
    RecordLinks,
    RecordPriority,
    RecordRemit,
)


def linked(auth: str | None = None, chart: str | None = "charts/ada.json", policy: str | None = None) -> RecordLinks:
    def link(value: str | None) -> RecordLink | None:
        return RecordLink(value=value, rule="number") if value else None

    return RecordLinks(
        claim_file=None, claim_line=None, auth_number=link(auth), chart=link(chart), policy_id=link(policy)
    )


def denial(
    denial_id: str,
    *,
    auth: str | None = "A-1",
    chart: str | None = "charts/ada.json",
    claim: str = "C-1",
    hcpcs: str = "J9271",
    payer: str = "CASC1",
    amount: str = "9000.00",
    evidence: tuple[tuple[Any, str], ...] = (),
    **changed: Any,
) -> DenialRecord:
    base = record(denial_id, amount=amount)
    given: dict[str, Any] = {
        "remit": RecordRemit(**{**base.remit.model_dump(), "claim_id": claim, "payer_id": payer}),
        "line": RecordLine(**{**(base.line.model_dump() if base.line else {}), "hcpcs": hcpcs}),
        "links": linked(auth, chart),
        "root_cause": "auth-units-mismatch",
        "evidence": tuple(
            RecordEvidence(id=f"E{number}", kind=kind, source=source, quote=None, says="as filed")
            for number, (kind, source) in enumerate(evidence, start=1)
        ),
        "priority": RecordPriority(expected_value="100.00", days_left=20, rank=None),
        **changed,
    }
    return base.model_copy(update=given)
