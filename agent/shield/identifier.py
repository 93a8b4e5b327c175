"""What identifies a person or a case, and when a text that looks like it counts as it."""

import re
from dataclasses import dataclass
from typing import Literal

from agent.shield.folding import compact
from agent.shield.words import words

Kind = Literal[
    "PATIENT",
    "STAFF",
    "NAME",
    "DOB",
    "ADDRESS",
    "PHONE",
    "EMAIL",
    "MEMBER",
    "MRN",
    "FHIR",
    "CLAIM",
    "ICN",
    "AUTH",
    "TRACE",
    "LINE",
    "ATTACHMENT",
    "GROUP",
    "NPI",
    "TAX",
    "SSN",
    "ID",
    "TEXT",
    "HIDDEN",
]
"""The word a token shows. ICN is the payer's claim number, ID one of unknown kind, TEXT and HIDDEN what is not read."""

Rule = Literal["name", "capital", "beside", "initial", "number", "exact", "labelled", "address"]
"""When the letters of an identifier count as it.

`name`: in any case. `capital`: capitalised, and no date. `beside`: after a title only. `initial`: the parts apart.
`number`: letters and digits grouped in any way. `exact`: as it is written, signs included. `labelled`: after a word
that says what it is. `address`: parts with spaces between.
"""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One writing of something known. `of` names the thing in all its writings, `value` is its usual writing."""

    kind: Kind
    of: str
    value: str
    parts: tuple[str, ...]
    rule: Rule

    @property
    def key(self) -> str:
        """Its letters and digits, folded."""
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Span:
    """Something at `start` to `end` of a text; of several `meanings` any may be meant."""

    start: int
    end: int
    meanings: tuple[Identifier, ...]


def number(kind: Kind, value: str, protected: frozenset[str]) -> Identifier | None:
    """Make the identifier of a number; a short or common one counts only as written, or with its label.

    `protected` are codes (of services, diagnoses, payers) that the same letters may stand for.
    """
    value = value.strip()
    key = compact(value)
    if not key:
        return None
    return Identifier(kind, f"{kind}:{key}", value, (key,), _rule(value, key, protected))


def _rule(value: str, key: str, protected: frozenset[str]) -> Rule:
    if key in protected:
        return "labelled"
    if key.isdigit():
        return "number" if len(key) >= 5 else "labelled"
    if key.isalpha():
        usual = words().ordinary | words().function | words().organisations
        return "number" if len(key) >= 6 and key not in usual else "labelled"
    if len(key) >= 5:
        return "number"
    return "exact" if re.search(r"\w[^\w\s]\w", value) else "labelled"
