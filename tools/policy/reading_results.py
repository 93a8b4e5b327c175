"""Marker results a policy names in the laboratory's own words: HER2 scores, shares of stained cells, gene states."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import BiomarkerRule
from tools.policy.wording import NUMBER, Found, one_of

_HYBRID = r"(?:dual )?(?:f?ish|in situ hybridi[sz]ation)(?: (?:is|was|result))?[ -]?"
_NOT = r"(?:not amplified|non-?amplified|negative|not positive|-(?![\w]))"
_YES = r"(?:amplified|positive|amplification|\+)"
_JOINED = r"(?: ?/ ?| with | and |,? but |, | by ihc(?: and|,|/) )"
_HER2_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("2+/ish-", re.compile(r"(?:ihc ?)?2 ?\+ ?(?:by ihc )?(?:without|no|with no|not) (?:gene )?amplifi\w+")),
    ("2+/ish-", re.compile(rf"(?:ihc ?)?2 ?\+ ?(?:by ihc )?{_JOINED}?\(?{_HYBRID}{_NOT}\)?")),
    ("2+/ish+", re.compile(rf"(?:ihc ?)?2 ?\+ ?(?:by ihc )?{_JOINED}?\(?{_HYBRID}{_YES}\)?")),
    ("3+", re.compile(r"(?<![\d.])3 ?\+")),
    ("ish-", re.compile(rf"{_HYBRID}{_NOT}")),
    ("ish+", re.compile(rf"{_HYBRID}{_YES}|(?:gene )?amplifi(?:ed|cation)(?: (?:by|on) {_HYBRID.rstrip('[ -]?')})?")),
    ("2+", re.compile(r"(?<![\d.])2 ?\+")),
    ("1+", re.compile(r"(?<![\d.])1 ?\+")),
    ("ultralow", re.compile(r"ultra-?low")),
    ("low", re.compile(r"\blow\b(?:[ -]express\w+)?")),
    ("negative", re.compile(r"not (?:her2[ -]?)?positive|non-?positive|negative|not overexpress\w+")),
    ("positive", re.compile(r"positive|overexpress\w*")),
    ("zero", re.compile(r"(?<![\d.+])0(?![\d.%+])|zero\b")),
)
_SCORE_ALONE = re.compile(
    r"(?:ihc|score of|results? of) ?2 ?\+,? (?:(?P<no>without|with no|not|and no)|with|and) "
    r"(?:gene )?amplifi\w+(?: by f?ish)?"
)
_HER2_WORD = (
    r"(?:ihc|immunohistochemistry|f?ish ?(?:\+|-(?!\w))|confirmed|f?ish|in situ hybridi[sz]ation|dual"
    r"|status|score|of|by|is|are|as|defined|expression"
    r"|expressing|overexpress\w*|gene|protein|results?|amplifi\w+|non-?amplified|positive|negative|not|ultra-?low|low"
    r"|zero|or|and|with|either|on|must|be|has|to|shown|tumou?rs?|disease|her2|her-2|[0-3] ?\+|0|\+)"
)
_HER2_RUN = rf"(?:[\s,;:()/-]*{_HER2_WORD}(?![\w%.]))*"
_LOOSE_END = re.compile(r"(?:[\s,;:(]|\b(?:or|and|with|of|by|is|are|as|on|either|tumou?rs?|disease|not|defined)\b)+$")
_CHANGE = (
    r"(?:(?:genomic|gene|tumou?r|pathogenic|sensiti[sz]ing|activating|driver|actionable|known|targetable) )*"
    r"(?:alteration|aberration|mutation|rearrangement|fusion|translocation|variant)s?"
)
_ABSENT = (
    r"(?:wild[ -]?type|absent|not (?:detected|present|mutated|found|identified|altered)|negative|non-?mutated"
    r"|un-?mutated|unaltered|excluded|ruled out"
    r"|(?:without|free of|with no|show(?:s|ing)? no|no) (?:(?:any|known|activating"
    r"|pathogenic) )*(?:mutation|alteration|variant)s?)"
)
_PRESENT = r"(?:mutated|mutant|mutations?|mutation[ -]positive|rearranged|altered|positive|present|detected|fusions?)"
_ONE_VARIANT = (
    r"(?:(?:exon \d{1,2} )?(?:[a-z]\d{2,4}[a-z]|itd|tkd)|exon \d{1,2}(?: (?:deletions?|skipping|insertions?))?)"
)
_VARIANT = rf"(?:[ -]\(?{_ONE_VARIANT}(?:(?:, or |, | or | and |/)(?:an? )?{_ONE_VARIANT})*\)?)"
_DENIED = re.compile(
    r"\b(?:no|not|without|absence of|negative for|non|(?:does|do) not have)"
    r"(?: (?:an?|any|known|sensiti[sz]ing|actionable|activating|targetable|driver))* $"
)
_INTENSITY = {"moderate": 2, "strong": 3, "weak": 1}


class _Words(NamedTuple):
    names: dict[str, str]
    her2: re.Pattern[str]
    share: re.Pattern[str]
    state: re.Pattern[str]
    gene: re.Pattern[str]


@cache
def _words() -> _Words:
    rows = load_terms().markers
    names = {name.lower(): row.marker for row in rows for name in row.names}
    her2 = one_of((name for row in rows if row.marker == "HER2" for name in row.names), hyphen=True)
    stained = one_of((name for row in rows if row.form in ("protein", "score") for name in row.names), hyphen=True)
    genes = one_of((name for row in rows if row.form == "gene" for name in row.names), hyphen=True)
    cells = r"(?:(?: or (?:more|greater|higher))?(?: of)?(?: the)?(?: viable| invasive| tumou?r| or more)* cells)?"
    grade = r"(?:>=? ?)?\(?(?:moderate|strong|weak|[0-3] ?\+)\)?"
    share = (
        rf"(?P<marker>{stained})(?:[\s:(,)-]|{stained}|(?:positive|expression|expressing|status|high|is|as|defined|with|in|of"
        rf"|tumou?rs?|protein|staining|by|ihc|overexpression|on|disease)(?!\w))*"
        rf"(?P<before>>=|at least|>|more than|greater than)? ?(?P<value>{NUMBER}) ?%(?P<after> or (?:more"
        rf"|greater|higher)"
        rf"(?! (?:with|at)?\s*\d ?\+))?{cells}(?P<late> or (?:more|greater|higher))?"
        rf"(?:,? (?:with|at|showing|having|that (?:stain|are|show)))?"
        rf"(?P<grade>(?: (?:membran\w+|staining|stain|of|at|an?|intensity|to|or|and|greater|more|higher"
        rf"|{grade})|/ ?{grade})*)"
        rf"(?: by (?:ihc|immunohistochemistry))?"
    )
    listed = rf"{genes}(?:(?: or |/|, | and |, and |, or )(?={genes}))?"
    state = (
        rf"(?P<list>(?:{listed})+)(?P<variant>{_VARIANT})?(?: (?:genes?|{_CHANGE}|status))?(?: (?:is|are"
        rf"|was|were))?[\s:-]*"
        rf"(?:(?P<absent>{_ABSENT})|(?P<present>{_PRESENT}))(?![\w-])"
    )
    return _Words(names, re.compile(rf"{her2}{_HER2_RUN}"), re.compile(share), re.compile(state), re.compile(genes))


def results(text: str) -> Iterator[Found]:
    """Find what a normalised sentence asks of HER2, of a share of stained cells, and of genes by their state."""
    words = _words()
    for match in words.share.finditer(text):
        found = _share(match, words.names)
        if found is not None:
            yield match.span(), found
    for match in words.her2.finditer(text):
        said = _LOOSE_END.sub("", match.group())
        found = _her2(said)
        if found is not None:
            yield (match.start(), match.start() + len(said)), found
    if not words.her2.search(text):
        for match in _SCORE_ALONE.finditer(text):  # a score with its amplification is told of HER2 only
            yield match.span(), BiomarkerRule(marker="HER2", categories=("2+/ish-" if match["no"] else "2+/ish+",))
    for match in words.state.finditer(text):
        if _DENIED.search(text[: match.start()]):
            continue
        variants = tuple(re.findall(_ONE_VARIANT, match["variant"] or ""))
        state = "unaltered" if match["absent"] else "altered"
        for name in dict.fromkeys(words.names[gene] for gene in words.gene.findall(match["list"])):
            yield match.span(), BiomarkerRule.model_validate({"marker": name, "state": state, "variants": variants})


def _her2(text: str) -> BiomarkerRule | None:
    """Read the classes of a HER2 phrase, any of which is enough; None when it names none, or joins them by "and"."""
    rest, found = re.sub(r"her-?2(?:/neu)?", " ", text), []
    for name, pattern in _HER2_PARTS:
        rest, hits = pattern.subn(" | ", rest)
        if hits:
            found.append(name)
    if "2+" in found and re.search(r"\bf?ish\b|in situ|\bconfirmed\b", text):
        # A score of 2+ that the hybridisation must confirm counts only when it is amplified.
        found = ["2+/ish+" if name == "2+" else name for name in found]
    if not found or re.search(r"\|[^|]*\band\b[^|]*\|", rest):
        return None
    if "negative" not in found and "low" not in found and set(found) & {"positive"}:
        return BiomarkerRule(marker="HER2", state="positive")
    if "negative" in found:
        return BiomarkerRule(marker="HER2", state="negative") if "positive" not in found else None
    return BiomarkerRule(marker="HER2", categories=tuple(found))


def _share(match: re.Match[str], names: dict[str, str]) -> BiomarkerRule | None:
    bound = match["before"] or match["after"] or match["late"]
    grade = match["grade"] or ""
    marker = names[match["marker"]]
    if marker == "PD-L1" and "cells" in match.group() and bound:
        value = Decimal(match["value"].replace(",", ""))
        return BiomarkerRule(marker=marker, measure="TPS", op=">=", value=value, unit="%")
    if not bound or marker == "PD-L1" or not grade.strip():
        return None
    degrees = [int(digit) for digit in re.findall(r"([0-3]) ?\+", grade)]
    degrees += [degree for word, degree in _INTENSITY.items() if word in grade]
    return BiomarkerRule(
        marker=marker,
        op=">" if match["before"] in (">", "more than", "greater than") else ">=",
        value=Decimal(match["value"].replace(",", "")),
        unit="%",
        intensity=min(degrees) if degrees else None,
    )
