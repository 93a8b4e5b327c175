"""Evidence and facts: what is known of a case, how it is known, and where a person can open it."""

from typing import Literal

from pydantic import Field

from knowledge.types.practice import Frozen

EvidenceKind = Literal[
    "remit",
    "claim",
    "authorization",
    "chart",
    "policy",
    "code_table",
    "coverage",
    "acknowledgement",
    "contract",
    "calculation",
    "authority",
]
"""What a statement rests on. An `authority` is of the authorities table: in letters only, never a case's evidence."""


class Evidence(Frozen):
    """One sourced statement.

    `source` names file and segment, resource id, row or section. `quote` stands verbatim in that source when the
    source is text. `values` are the facts a letter may use, by slot name, as printed ("400", "2026-03-16").
    `exhibit` is the key of the exhibit that shows it ("remit", "claim", "auth:A-1", "chart:DocumentReference/d1").
    """

    id: str
    kind: EvidenceKind
    source: str
    quote: str | None = None
    says: str
    values: dict[str, str] = Field(default_factory=dict)
    exhibit: str = ""


Truth = Literal["confirmed", "refuted", "unknown"]


class Fact(Frozen):
    """A three-valued answer to one named question, with what it rests on.

    `name` is the fact established ("dose-given-equals-billed"). Unknown carries in `missing` what a person must get.
    `values` are slots for sentences ("billed": "400"). `evidence` are ids.
    """

    name: str
    truth: Truth
    says: str
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)
