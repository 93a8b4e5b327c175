"""Why a line was denied and what to do: hypotheses with their facts, the leading cause, the remedy."""

from typing import Literal

from pydantic import Field

from knowledge.types.evidence import Evidence, Fact
from knowledge.types.letters import Table
from knowledge.types.practice import Frozen

Remedy = Literal[
    "corrected_claim",
    "new_claim",
    "reopening",
    "reconsideration",
    "appeal",
    "authorization_fix",
    "send_records",
    "bill_other_payer",
    "bill_patient",
    "payment_dispute",
    "refund",
    "write_off",
    "close",
    "hold",
    "contact_payer",
]

Category = Literal[
    "authorization",
    "bundling",
    "coding",
    "documentation",
    "duplicate",
    "eligibility",
    "medical_necessity",
    "non_covered",
    "payment",
    "place_of_service",
    "provider",
    "step_therapy",
    "timely_filing",
    "units",
    "unknown",
]


class Hypothesis(Frozen):
    """One possible cause, its facts, and how it stands. `score` ranks; it is not a probability."""

    root_cause: str
    standing: Literal["confirmed", "refuted", "open"]
    score: float
    facts: tuple[Fact, ...] = ()
    settled_by: tuple[str, ...] = ()


class ReviewReason(Frozen):
    """Why a person must decide: a stable code and a sentence."""

    code: str
    says: str


class Alternative(Frozen):
    """A cause still open beside the leading one."""

    root_cause: str
    confidence: float
    settled_by: str


class Diagnosis(Frozen):
    """The answer for one denial.

    `other_remedies` are those the cause takes in other circumstances: a person may still choose them.
    `values` are the slots of `says`; `evidence` all evidence used or refuting; `tables` what a letter or a page shows.
    """

    root_cause: str
    category: Category
    says: str
    confidence: float
    remedy: Remedy
    then: Remedy | None = None
    other_remedies: tuple[Remedy, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    review_reasons: tuple[ReviewReason, ...] = ()
