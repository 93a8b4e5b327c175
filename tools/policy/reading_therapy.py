"""Treatments before: drugs tried and how they ended, lines of treatment, and treatments that must not have been."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import PriorTherapyRule
from tools.policy.wording import COUNT, Found, count, one_of

End = Literal["progression", "intolerance", "contraindication"]

_ENDS: dict[str, End] = {
    "inadequate response": "progression",
    "treatment failure": "progression",
    "trial and failure": "progression",
    "failure": "progression",
    "progression": "progression",
    "intolerance": "intolerance",
    "intolerable toxicity": "intolerance",
    "contraindication": "contraindication",
}
_END_LIST = rf"(?:an? )?(?:{'|'.join(_ENDS)})(?:(?:, or |, | or |/| and/or )(?:an? )?(?:{'|'.join(_ENDS)}))*"
# A setting or a time after the drug narrows the sentence to something that is not read here.
_UNNARROWED = r"(?! ?(?:for|in|within|given|as|at|alone)\b)"


@cache
def _names() -> dict[str, tuple[str, ...]]:
    return load_terms().drug_names()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    called = one_of(_names())
    drug = (
        rf"(?:(?:an?|the|any|at least one|one) )?(?:prior |previous )?{called}(?: \({called}\))?"
        r"(?:-based|-containing)?(?: (?:chemotherapy|therapy|regimen|treatment))?"
    )
    joint = r"(?:, or |, and |, | or | and/or | and | plus | in combination with |/)"
    drugs = rf"(?P<drugs>{drug}(?:{joint}{drug})*){_UNNARROWED}"
    before = r"(?:prior|previous|previously|earlier)"
    what = r"(?:systemic )?(?:(?:treatment|therapy|exposure|use)(?: with| of| to)? |treated with |received |trial of )?"
    return {
        "absent": re.compile(
            rf"\b(?:no|without|(?:has|have) not(?: previously)? received|not(?: previously)? treated with)(?: any)? "
            rf"(?P<before>{before} )?(?:systemic )?(?:(?:treatment|therapy|exposure)(?: with| to)? )?{drugs}"
        ),
        "naive": re.compile(
            rf"\b(?:no|without) {before} (?:systemic )?(?:therapy|treatment|chemotherapy)(?! (?:with|to)){_UNNARROWED}"
        ),
        "ended": re.compile(
            rf"\b(?:disease )?(?:progress(?:ion|ed|ing)|relapsed?)(?: or relapsed?)? "
            rf"(?:on or after|during or after|during or following|on|after|following|during|while on)"
            rf"(?: {before})?(?: {what.strip()})?? {drugs}"
        ),
        "failed": re.compile(rf"\b(?P<ends>{_END_LIST}) (?:to|of|with|on) {drugs}"),
        "tried": re.compile(rf"\b(?:has |have |had )?(?:tried and failed|failed) {drugs}"),
        "before": re.compile(rf"\b(?:has |have |had )?(?:received )?{before} {what}{drugs}"),
        "lines": re.compile(
            rf"\b(?:(?:at least|>=|after|following|received|a minimum of) )+(?P<count>{COUNT})(?: or more)? "
            rf"(?:{before} )?(?:systemic |lines? of )*(?:lines?|therap(?:y|ies)|regimens?|treatments?)"
            rf"(?: of (?:systemic )?(?:therapy|treatment|chemotherapy))?{_UNNARROWED}"
        ),
    }


def therapies(text: str) -> Iterator[Found]:
    """Find what a normalised sentence asks about earlier treatment."""
    patterns = _patterns()
    for match in patterns["naive"].finditer(text):
        yield match.span(), PriorTherapyRule(absent=True)
    for match in patterns["absent"].finditer(text):
        if match["before"] or "received" in match[0] or "treated" in match[0]:
            # None of several is each of them absent, whether they are joined by "and" or by "or".
            none_of = (name for alternatives in _drugs(match["drugs"]) for name in alternatives)
            yield match.span(), PriorTherapyRule(drugs=tuple(dict.fromkeys(none_of)), absent=True)
    for name in ("ended", "tried", "failed", "before"):
        for match in patterns[name].finditer(text):
            for drugs in _drugs(match["drugs"]):
                yield match.span(), PriorTherapyRule(drugs=drugs, outcomes=_ends(name, match))
    for match in patterns["lines"].finditer(text):
        yield match.span(), PriorTherapyRule(lines=count(match["count"]))


def drugs_named(text: str) -> tuple[str, ...]:
    """Return the generic names of the drugs that stand in `text`, in order; a class is not a drug."""
    generic = {name: drugs[0] for name, drugs in _names().items() if len(drugs) == 1}
    return tuple(dict.fromkeys(generic[match[0]] for match in re.finditer(one_of(generic), text.lower())))


def _ends(name: str, match: re.Match[str]) -> tuple[End, ...]:
    if name == "failed":
        return tuple(dict.fromkeys(_ENDS[word] for word in re.findall("|".join(_ENDS), match["ends"])))
    return ("progression",) if name in ("ended", "tried") else ()


def _drugs(text: str) -> tuple[tuple[str, ...], ...]:
    """Read a list of drugs: alternatives joined by "or", one by one when joined by "and"; () when both are mixed."""
    found = [_names()[match[0]] for match in re.finditer(one_of(_names()), text)]
    rest = re.sub(one_of(_names()), " ", text).replace("and/or", "or")
    either = re.search(r"\bor\b", rest) is not None
    both = re.search(r"\band\b|\bplus\b|\bcombination\b|/", rest) is not None
    if either and both:
        return ()
    if both:
        return tuple(dict.fromkeys(found))
    return (tuple(dict.fromkeys(name for drugs in found for name in drugs)),)
