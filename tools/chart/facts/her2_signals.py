"""HER2 by counted signals (ASCO/CAP 2018, affirmed 2023): dual-probe ratio and copy number, where the two agree.

Amplified: a ratio of 2.0 or more with at least 4.0 copies. Not amplified: a ratio below 2.0 with fewer than 4.0. What
lies between takes a recount beside the immunohistochemistry and is left open.
"""

import re

from tools.chart.facts.line import Found, Line
from tools.chart.facts.result_words import sign
from tools.chart.facts.scope import spoiler

_NUMBER = r"(?P<value>\d{1,2}(?:\.\d{1,2})?)"
_OF = r"\s*(?:\([^)\d]*\)\s*)?(?:is|was|of|:|=|\s)*\s*"
_RATIO = re.compile(rf"\bratio{_OF}{_NUMBER}(?!\s*%)", re.IGNORECASE)
_COPIES = re.compile(
    rf"\b(?:copy\s+numbers?|copies|signals)(?:\s*(?:per|/)\s*(?:cell|nucleus))?{_OF}{_NUMBER}(?!\s*%)", re.IGNORECASE
)
_COPIES_BEFORE = re.compile(
    rf"{_NUMBER}\s+(?:HER2\s+)?(?:copies|signals)\s*(?:per|/)\s*(?:cell|nucleus)", re.IGNORECASE
)
_WORD = re.compile(
    r"\W*(?:(?:result|interpretation|conclusion)\s*:\s*)?(?P<word>(?:HER2\s+)?(?:not\s+amplified|non-?amplified|amplified"
    r"|no\s+(?:gene\s+)?amplification|negative\s+for\s+(?:gene\s+)?amplification))\W*",
    re.IGNORECASE,
)
_A_RULE = re.compile(
    r"\bor (?:more|greater|higher)\b|\bdefined\b|\bcalled\b|\bcriteri|\bguideline|\breference\b|>=|≥", re.IGNORECASE
)
_RATIO_BOUND, _COPIES_BOUND = 2.0, 4.0


def counted(line: Line) -> Found | None:
    """Read a sentence with both a ratio and a copy number; None where they do not agree."""
    ratio = _RATIO.search(line.text)
    copies = _COPIES.search(line.text) or _COPIES_BEFORE.search(line.text)
    if ratio is None or copies is None or line.of_family or _A_RULE.search(line.text):
        return None
    start, end = min(ratio.start(), copies.start()), max(ratio.end(), copies.end())
    if spoiler(line.text, start, end, allow=("negated",)):
        return None
    high = float(ratio["value"]) >= _RATIO_BOUND
    if high != (float(copies["value"]) >= _COPIES_BOUND):
        return None
    return _found("amplified" if high else "not amplified")


def told_alone(line: Line) -> Found | None:
    """Read a sentence that is nothing but the word ("Not amplified."), after one that named HER2."""
    match = _WORD.fullmatch(line.text)
    if match is None or line.of_family:
        return None
    return _found(
        "not amplified" if re.search(r"not|non|\bno\b|negative", match["word"], re.IGNORECASE) else "amplified"
    )


def _found(ish: str) -> Found:
    return Found("biomarker", "HER2", {"ish": ish, "result": ish}, sign(ish == "amplified"))
