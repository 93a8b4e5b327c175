"""What a policy sentence asks of the compendia: which of them, and in which level of support."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.types.criteria import CompendiumRule
from tools.chart.facts.data import CompendiumRow, read_rows
from tools.policy.wording import Found, one_of

LEVEL = re.compile(
    r"\bcategor(?:y|ies)(?:\s+of\s+(?:evidence|recommendation|support)(?:\s+and\s+consensus)?)?[\s:=]+"
    r"(?P<category>(?:1|2a|2b|3)(?:(?:,\s*(?:or|and)\s+|,\s*|\s*/\s*|\s+(?:or|and)\s+)(?:1|2a|2b|3))*)\b"
    r"|\bclass(?:es)?\s+(?P<class>(?:iii|iia|iib|ii|i)(?:(?:,\s*(?:or|and)\s+|,\s*|\s*/\s*|\s+(?:or|and)\s+)(?:iii|iia|iib|ii|i))*)\b"
    r"|\b(?:evidence\s+)?level\s+(?P<grade>a)\b"
    r"|(?P<supportive>(?<!not )\bsupportive(?:\s+(?:narrative|text|entry))?|\bsupported\b|\bnarrative\s+support\b)"
    r"|(?P<none>\bno\s+(?:entry|listing)\b|\bnot\s+(?:listed|supportive|supported|found)\b|\bunsupported\b|\bnothing\b)",
    re.IGNORECASE,
)
"""A level of support as compendia name it; `none` is the lack of an entry or of support."""
_BARE = re.compile(
    r"(?:(?:an?|any|all|the) )?(?:off-label )?(?:(?:uses?|indications?|listings?|entr(?:y|ies)) )?"
    r"(?:(?:that|which) (?:is|are) )?"
    r"(?:(?:listed|rated|graded|classified|found|only) )*(?:(?:as|in|of|with|under|at) )?"
    r"(?:nccn |drugdex )?(?:categor|class)"
)
"""A sentence that speaks of a level alone ("uses in category 3")."""
_SIGNS = {"1": "1", "2a": "2A", "2b": "2B", "3": "3", "i": "I", "ii": "II", "iia": "IIa", "iib": "IIb", "iii": "III"}


@cache
def compendium_names() -> dict[str, str]:
    """Map every way a compendium is called, in lower case, to its one name."""
    return {alias.lower(): row.name for row in read_rows("compendia.csv", CompendiumRow) for alias in row.aliases}


def levels_of(match: re.Match[str]) -> tuple[str, ...]:
    """Return the levels one match of `LEVEL` names."""
    if match["none"]:
        return ("none",)
    if match["supportive"]:
        return ("supportive",)
    if match["grade"]:
        return ("A",)
    written = (match["category"] or match["class"]).lower()
    return tuple(_SIGNS[sign] for sign in re.findall(r"iii|iia|iib|ii|i|1|2a|2b|3", written))


def compendia(text: str) -> Iterator[Found]:
    """Find the levels a normalised sentence asks for; several compendia are alternatives, each on its scale."""
    names = list(re.finditer(rf"{one_of(compendium_names())}|\bcompendi(?:um|a)\b", text))
    levels = list(LEVEL.finditer(text))
    sure = [match for match in levels if match["category"] or match["class"] or match["grade"]]
    if not levels or not (names or (sure and _BARE.match(text))):
        return
    named = dict.fromkeys(compendium_names()[m[0]] for m in names if m[0] in compendium_names())
    wanted = dict.fromkeys(level for match in levels for level in levels_of(match))
    spans = [match.span() for match in (*names, *levels)]
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    yield (start, end), CompendiumRule(compendia=tuple(named), levels=tuple(wanted))
