"""Markers a policy sentence asks for: scores against a bound, positive and negative, mutated and wild type."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Literal

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import BiomarkerRule
from tools.policy.reading_results import results
from tools.policy.wording import NUMBER, Found, one_of

Op = Literal[">=", ">", "<=", "<"]

_BEFORE: dict[str, Op] = {
    ">=": ">=",
    "at least": ">=",
    "greater than or equal to": ">=",
    "no less than": ">=",
    "not less than": ">=",
    "a minimum of": ">=",
    ">": ">",
    "more than": ">",
    "greater than": ">",
    "above": ">",
    "<=": "<=",
    "at most": "<=",
    "less than or equal to": "<=",
    "no more than": "<=",
    "<": "<",
    "less than": "<",
    "below": "<",
    "under": "<",
}
_AFTER: dict[str, Op] = {"more": ">=", "greater": ">=", "higher": ">=", "above": ">=", "less": "<=", "lower": "<="}


def bounds(number: str) -> str:
    """Make the pattern of a number with one bound before or after it: groups `before`, `value`, `after`."""
    after = rf"(?:,? or (?P<after>{'|'.join(_AFTER)})(?: than)?)?"
    return (
        rf"(?P<before>(?:{'|'.join(map(re.escape, _BEFORE))})?)\s*(?P<value>{number})(?! or (?:more|less) than){after}"
    )


def bound_of(match: re.Match[str]) -> Op | None:
    """Return the one bound a match of `bounds` states; None when it states none, or two."""
    before, after = match["before"], match["after"]
    if bool(before) == bool(after):
        return None
    return _BEFORE[before] if before else _AFTER[after]


_MEASURES = {"tumor proportion score": "TPS", "tumour proportion score": "TPS", "tps": "TPS"} | {
    "combined positive score": "CPS",
    "cps": "CPS",
}
_CHANGE = (
    r"(?:genomic |gene |tumou?r |pathogenic )*"
    r"(?:alteration|aberration|mutation|rearrangement|fusion|translocation)s?"
)
_IN_BRACKETS = r"(?: \(ihc ?3\+(?:(?:, or |, | or |/)f?ish[ -]?(?:positive|amplified|\+))?\))?"


def markers(text: str) -> Iterator[Found]:
    """Find the marker requirements of a normalised sentence, those of several markers first."""
    patterns = _patterns()
    read = list(results(text))
    yield from read
    yield from _lesions(text)
    yield from _instability(text)
    for match in patterns.absent.finditer(text):
        for name in patterns.marker.findall(match["list"]):
            yield match.span(), BiomarkerRule(marker=patterns.names[name], state="unaltered")
    for match in patterns.wild.finditer(text):
        for name in patterns.marker.findall(match["list"]):
            yield match.span(), BiomarkerRule(marker=patterns.names[name], state="unaltered")
    for match in patterns.both.finditer(text):
        value = Decimal(match["value"])
        for name in ("ER", "PR"):
            yield match.span(), BiomarkerRule(marker=name, op=_BEFORE[match["before"]], value=value, unit="%")
    for match in patterns.score.finditer(text):
        rule = _score(match, patterns.names)
        if rule is not None:
            yield match.span(), rule
    told = {rule.marker for _, rule in read if isinstance(rule, BiomarkerRule)}
    for match in patterns.state.finditer(text):
        if patterns.names[match["marker"]] in told and patterns.names[match["marker"]] == "HER2":
            continue
        yield match.span(), _state(match, patterns.names)


class _Patterns:
    """The patterns made of the marker table."""

    def __init__(self) -> None:
        rows = load_terms().markers
        self.names = {name.lower(): row.marker for row in rows for name in row.names}
        marker = one_of(self.names, hyphen=True)
        genes = one_of((name for row in rows if row.form == "gene" for name in row.names), hyphen=True)
        listed = rf"{genes}(?: {_CHANGE})?(?:(?:, or |, and |, | or | and |/){genes}(?: {_CHANGE})?)*"
        after = rf"or (?P<after>{'|'.join(_AFTER)})(?: than)?"
        self.marker = re.compile(genes)
        self.absent = re.compile(
            rf"\b(?:no|without|absence of|negative for|(?:does|do) not have)(?: an?| any| known| sensiti[sz]ing"
            r"| actionable| activating| targetable| driver)*"
            rf"(?: {_CHANGE} (?:in|of|involving)(?: the)?)? (?P<list>{listed})"
            rf"(?<= )?(?: {_CHANGE})?(?: (?:is|are) present)?"
        )
        self.wild = re.compile(rf"(?P<list>{genes}(?:(?:, | or | and |/){genes})*)[ -]wild[ -]type")
        both = r"(?:estrogen and progesterone receptors?|er and pr|er/pr|hormone receptors?)"
        self.both = re.compile(
            rf"(?P<list>{both})(?: (?:is|are|both|expression|each))*[\s:]*"
            rf"(?P<before>{'|'.join(map(re.escape, _BEFORE))})\s*(?P<value>{NUMBER})(?:\s*(?:%|percent))"
        )
        self.score = re.compile(
            rf"(?P<marker>{marker})\s*(?P<named>(?:[\s(]*(?:{'|'.join(_MEASURES)}|expression|score|level|result|with|an?|the|positive|staining|status|by)\b)*)"
            rf"\s*(?:(?:is|was|of|:|=)\s*)?"
            rf"(?P<before>(?:{'|'.join(map(re.escape, _BEFORE))})?)\s*(?P<value>{NUMBER})(?:\s*(?P<unit>%|percent))?"
            rf"(?: ?(?:mutations?|mut)(?: per megabase|/mb|/megabase))?(?:,? {after})?\)?"
        )
        self.state = re.compile(
            rf"(?P<marker>{marker})[ -](?:(?P<positive>positive|overexpress(?:ing|ed|ion)|amplified|amplification)"
            rf"|(?P<negative>negative)|(?P<altered>mutated|mutant|rearranged|{_CHANGE}))(?![\w-]){_IN_BRACKETS}"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def _score(match: re.Match[str], names: dict[str, str]) -> BiomarkerRule | None:
    before, after = match["before"], match["after"]
    if bool(before) == bool(after):  # no bound, or two
        return None
    return BiomarkerRule(
        marker=names[match["marker"]],
        measure=next((short for name, short in _MEASURES.items() if name in match["marker"] + match["named"]), ""),
        op=_BEFORE[before] if before else _AFTER[after],
        value=Decimal(match["value"].replace(",", "")),
        unit="%" if match["unit"] else "",
    )


def _state(match: re.Match[str], names: dict[str, str]) -> BiomarkerRule:
    name = names[match["marker"]]
    gene = next(row.form for row in load_terms().markers if row.marker == name) == "gene"
    if match["negative"]:
        return BiomarkerRule(marker=name, state="unaltered" if gene else "negative")
    return BiomarkerRule(marker=name, state="altered" if gene or match["altered"] else "positive")


def _lesions(text: str) -> Iterator[Found]:
    """Find lesions that are named by what is altered, such as del(17p): to name them is to ask for them."""
    for row in load_terms().markers:
        if row.form != "lesion":
            continue
        named = "|".join(re.escape(name) for name in sorted(row.names, key=len, reverse=True))
        for match in re.finditer(
            rf"(?P<no>\b(?:no|without|absence of) )?(?:presence of |positive for )?(?<![\w(])(?:{named})(?![\w(])"
            r"(?: (?:mutation|translocation|positive|present|detected))?",
            text,
        ):
            yield match.span(), BiomarkerRule(marker=row.marker, state="unaltered" if match["no"] else "altered")


def _instability(text: str) -> Iterator[Found]:
    """Find MSI-high and deficient mismatch repair; the two joined by "or" are one requirement, MSI/MMR."""
    rows = {row.marker: one_of(row.names) for row in load_terms().markers if row.form == "state"}
    msi, mmr = (rf"{rows[name]}(?: \((?:msi-h|dmmr)\))?" for name in ("MSI", "MMR"))
    stable = r"(?:microsatellite[ -]stab(?:le|ility)|mss|msi-stable|no microsatellite instability)"
    proficient = (
        r"(?:(?:mismatch repair|mmr)[ -](?:proficien(?:t|cy)|intact)|proficient (?:mismatch repair|mmr)|pmmr"
        r"|intact mismatch repair)"
    )
    kept = (("MSI", stable), ("MMR", proficient))
    for name, words in kept:
        for match in re.finditer(rf"(?<![\w-])(?:{words})(?: \((?:mss|pmmr)\))?(?![\w-])", text):
            yield match.span(), BiomarkerRule(marker=name, state="unaltered")
    shown = (
        r"(?:,? (?:as )?(?:(?:shown|found|confirmed|determined|demonstrated) )?(?:by|on|in) (?:the )?"
        r"(?:immunohistochemistry|ihc|pcr|ngs|tumou?r|test(?:ing)?))?"
    )
    msi_in_joint = rf"(?:{msi}|microsatellite (?:instability|instable)(?![ -](?:low|stable)))"
    joint = rf"{shown}(?: or |/|, or | and/or )(?:with |of |by |has |have )?"
    for match in re.finditer(
        rf"(?:{msi_in_joint}{joint}{mmr})|(?:{mmr}{joint}{msi_in_joint})|(?P<msi>{msi})|(?P<mmr>{mmr})", text
    ):
        name = "MSI" if match["msi"] else "MMR" if match["mmr"] else "MSI/MMR"
        yield match.span(), BiomarkerRule(marker=name, state="altered")
