"""One module a topic; each function establishes the fact it is named after. Importing them fills the registry."""

from agent.diagnosis.checks import (
    administration,
    authorization,
    claim_form,
    codes,
    coverage,
    diagnoses,
    dose,
    duplicates,
    filing,
    payer_rules,
    payment,
    policy_text,
    records,
    schedule,
    trial,
    waste,
)

__all__ = [
    "administration",
    "authorization",
    "claim_form",
    "codes",
    "coverage",
    "diagnoses",
    "dose",
    "duplicates",
    "filing",
    "payer_rules",
    "payment",
    "policy_text",
    "records",
    "schedule",
    "trial",
    "waste",
]
