"""What looks like an identifier of a person, known or not: covered too, since a chart holds what no table lists."""

import re
from collections.abc import Iterator

from agent.shield.folding import Reading, compact
from agent.shield.identifier import Identifier, Kind
from agent.shield.words import words

_STATE = "(?:" + "|".join(sorted(words().states)) + ")"
_STREET = "(?:" + "|".join(sorted((w for w in words().streets), key=len, reverse=True)) + ")"
_CREDENTIAL = (
    "(?:" + "|".join(sorted((w.upper() for w in words().credentials), key=len, reverse=True)) + "|PA-C|PharmD|PhD)"
)
_TITLE = "(?:" + "|".join(sorted((w.capitalize() for w in words().honorifics), key=len, reverse=True)) + ")"
_NAME = r"[A-Z](?=[A-Z'-]{0,3}[a-z])[A-Za-z]*(?:['-][A-Za-z]+)*"
_WHOSE = (
    r"(?:medical[\s_-]?record|member|subscriber|policy[\s_-]?holder|beneficiary|patient|account|acct|chart|claim|"
    r"authori[sz]ation|auth|referral|insured|medicare|medicaid|encounter|visit|case)"
)
_VALUE = r"((?=[\w./-]*\d)[A-Za-z0-9][\w./-]*\w)"
_LABELLED = r"[\"'\s:=#*>-]{0,6}"

_PATTERNS: tuple[tuple[Kind, int, re.Pattern[str]], ...] = (
    ("SSN", 0, re.compile(r"(?<![\w-])\d{3}([- .])\d{2}\1\d{4}(?![\w-])")),
    (
        "SSN",
        1,
        re.compile(r"(?i)(?<![a-z])(?:ssn|social security)(?:\s(?:number|no\.?))?" + _LABELLED + r"(\d[\d -]{5,12}\d)"),
    ),
    ("PHONE", 0, re.compile(r"(?<![\w.+-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)[\s.-]?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?![\w-])")),
    (
        "PHONE",
        1,
        re.compile(
            r"(?i)(?<![a-z])(?:tel|phone|telephone|cell|mobile|fax|pager|TE\*|FX\*)[a-z]{0,6}[\s.:=#*\"']{0,6}"
            r"(\+?\d[\d\s().-]{5,16}\d)"
        ),
    ),
    ("EMAIL", 0, re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (
        "ADDRESS",
        0,
        re.compile(
            rf"(?<![\w.])\d{{1,6}}[A-Za-z]?[ \t]+(?:[A-Z0-9][\w'.-]*[ \t]+){{1,4}}(?i:{_STREET})\b\.?"
            r"(?:[ ,]+(?i:apt|unit|suite|ste|#)\.?[ ]*\w+)?"
        ),
    ),
    ("ADDRESS", 0, re.compile(r"(?i)\bP\.?[ ]?O\.?[ ]?box[ ]+\d+")),
    ("ADDRESS", 0, re.compile(rf"[A-Z][A-Za-z.'-]+,[ ]+{_STATE}[ ]+\d{{5}}(?:-\d{{4}})?(?!\d)")),
    ("MRN", 1, re.compile(r"(?i)(?<![a-z])mrn(?:[\s_-]?(?:number|no\.?|id))?" + _LABELLED + _VALUE)),
    (
        "ID",
        1,
        re.compile(
            rf"(?i)(?<![a-z]){_WHOSE}[\s_-]?(?:id|identifier|number|no\.?|num|\#)(?![a-z])" + _LABELLED + _VALUE
        ),
    ),
    ("NPI", 1, re.compile(r"(?i)(?<![a-z])npi(?:[\s_-]?(?:number|no\.?))?" + _LABELLED + r"(\d{10})(?!\d)")),
    (
        "DOB",
        1,
        re.compile(
            r"(?i)(?<![a-z])(?:d\.?o\.?b\.?|date[\s_]of[\s_]birth|birth[\s_]?date|born(?:[ ]on)?)"
            + _LABELLED
            + r"(\d{1,4}[-/.\s]\d{1,2}[-/.\s]\d{1,4}|\d{8}|[a-z]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{2,4}|"
            r"\d{1,2}[\s-][a-z]{3,9}[\s,-]+\d{2,4})"
        ),
    ),
    (
        "NAME",
        1,
        re.compile(rf"(?<![A-Za-z]){_TITLE}\.?[ \t]+((?:[A-Z]\.?[ ])?{_NAME}(?:[ ](?:[A-Z]\.[ ])?{_NAME})?)(?!\w)"),
    ),
    (
        "NAME",
        1,
        re.compile(rf"(?<![A-Za-z])((?:{_NAME}|[A-Z]\.)(?:[ ][A-Z]\.)?[ ]{_NAME}),?[ ](?:{_CREDENTIAL})(?![A-Za-z])"),
    ),
)


def pattern_hits(reading: Reading) -> Iterator[tuple[int, int, Identifier]]:
    """Give start, end and an identifier for what looks like one; what it belongs to is not known."""
    for kind, group, pattern in _PATTERNS:
        for found in pattern.finditer(reading.cased):
            start, end = found.span(group)
            if kind == "NAME" and not _is_name(found.group(group)):
                continue
            shown = found.group(group)
            key = compact(shown)
            yield (
                reading.starts[start],
                reading.ends[end - 1],
                Identifier(kind, f"{kind}:{key}", shown, (key,), "number"),
            )


def _is_name(text: str) -> bool:
    """Tell whether none of the words is one that names an office or begins a sentence."""
    known = words()
    pieces = [compact(piece) for piece in text.split()]
    return not any(piece in known.organisations | known.function for piece in pieces)
