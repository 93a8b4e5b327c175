"""One module a topic; each function establishes the fact it is named after. Importing them fills the registry."""

from agent.diagnosis.checks import (
    authorization,
    claim_form,
    codes,
    coverage,
    dose,
    duplicates,
    filing,
    payer_rules,
    payment,
    records,
    waste,
)

__all__ = [
    "authorization",
    "claim_form",
    "codes",
    "coverage",
    "dose",
    "duplicates",
    "filing",
    "payer_rules",
    "payment",
    "records",
    "waste",
]
