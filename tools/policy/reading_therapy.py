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
    "hypersensitivity": "intolerance",
    "adverse reaction": "intolerance",
    "infusion reaction": "intolerance",
    "reaction": "intolerance",
    "allergy": "intolerance",
}
_END_LIST = (
    rf"(?:an? )?(?:documented |severe |serious |prior |previous )*(?:{'|'.join(_ENDS)})"
    rf"(?:(?:, or |, | or |/| and/or )(?:an? )?(?:documented |severe |serious )*(?:{'|'.join(_ENDS)}))*"
)
_REACTION = (
    r"(?:stopped|discontinued|ended) (?:for|because of|due to|after) (?:an? )?(?:severe |serious "
    r"|infusion |hypersensitivity "
    r"|allergic |systemic |adverse )*(?:reaction|anaphylaxis"
    r"|toxicity)(?: (?:of )?grade (?P<grade>[2-4])(?: or (?:more|higher|above|greater|worse))?)?"
)
_HOW_ENDED: dict[str, End] = {
    "failed": "progression",
    "tried and failed": "progression",
    "tried without success": "progression",
    "not tolerated": "intolerance",
    "contraindicated": "contraindication",
    "stopped": "intolerance",
    "discontinued": "intolerance",
    "ended": "intolerance",
}
_HOW = (
    r"(?:(?:has|have|had|was|were|is|are|been) )*(?:tried and failed|tried without success|failed"
    r"|not tolerated|contraindicated"
    rf"|{_REACTION})"
)
# A setting or a time after the drug narrows the sentence to something that is not read here.
_UNNARROWED = r"(?! ?(?:for|in|within|given|as|at|alone)\b)"


_CODE = r"\b[ajq]\d{4}\b"
PREFERRED = "preferred"
"""Stands for the products a policy calls preferred, until they are known."""
_PREFERRED = r"(?:preferred|formulary) (?:products?|drugs?|agents?|biosimilars?)"


@cache
def _names() -> dict[str, tuple[str, ...]]:
    return load_terms().drug_names()


@cache
def _called() -> str:
    return rf"(?:{one_of(_names(), hyphen=True)}|{_CODE}|{_PREFERRED})"


def _meant(written: str) -> tuple[str, ...]:
    if written in _names():
        return _names()[written]
    return (written.upper(),) if re.fullmatch(_CODE, written) else (PREFERRED,)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    called = _called()
    regimen = r"(?:regimens?|combinations?|therapy|treatment|lines?|chemotherapy)"
    drug = (
        r"(?:(?:an?|the|any|at least one|one(?: or more)?) )?(?:of the )?(?:prior |previous |earlier )?"
        rf"(?:(?:systemic )?{regimen} (?:with|containing|including|of|that (?:includes|contains|included"
        rf"|contained)) (?:an? )?)?"
        rf"{called}(?: \({called}(?:(?:, or |, | or |, and | and ){called})*\))?(?:-based|-containing|-(?=,"
        rf"| and| or))?(?: (?:product|antibody|inhibitor))?(?: (?:systemic )?{regimen})?"
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
        "failed": re.compile(
            rf"\b(?P<ends>{_END_LIST}(?: (?:of|to|with|on),?,? (?:or"
            rf"|and/or) (?:an? )?(?:{'|'.join(_ENDS)}))?),? (?:to|of|with|on),? "
            rf"(?:both |all (?:of )?|either (?:of )?)?{drugs}"
        ),
        "including": re.compile(rf"\b(?:including|that included?|to include) {drugs}"),
        "relapsed": re.compile(r"\brelapsed(?: or |/| and/or )refractory\b|\brefractory or relapsed\b|\br/r\b"),
        "how": re.compile(
            rf"{drugs} (?P<how>{_HOW}(?:(?:, or |, | or |,? and ){_HOW.replace('P<grade>', 'P<grade2>')})?"
            rf"(?:(?:, or |, | or |,? and ){_HOW.replace('P<grade>', 'P<grade3>')})?)"
        ),
        "tried": re.compile(rf"\b(?:has |have |had )?(?:tried and failed|failed) {drugs}"),
        "before": re.compile(rf"\b(?:has |have |had )?(?:received )?{before} {what}{drugs}"),
        "after": re.compile(rf"\b(?:after|following) (?:receiving |treatment with |therapy with )?{drugs}"),
        "received": re.compile(
            rf"\b(?:has |have |had |who )*(?:been )?(?:received|treated with|exposed to) (?:treatment with )?{drugs}"
        ),
        "lines": re.compile(
            rf"\b(?:(?:at least|>=|after|following|received|a minimum of) )+(?P<count>{COUNT})(?: or more)? "
            rf"(?:{before} )?(?:systemic |lines? of )*(?:lines?|therap(?:y|ies)|regimens?|treatments?)"
            rf"(?: of (?:systemic )?(?:therapy|treatment|chemotherapy))?{_UNNARROWED}"
        ),
    }


_ANY_ENDED = re.compile(
    r"\b(?:disease )?(?:progress(?:ion|ed|ing)|relapsed?|recurrence) (?:on or after|during or after|during or following"
    r"|on|after|following|during|while on) (?:(?:an?|the|any|one|prior|previous|earlier|systemic|first-line) )*"
    r"(?:chemotherapy|systemic (?:therapy|treatment))(?! (?:with|containing|that|and|or|for|in)\b)"
)


def therapies(text: str) -> Iterator[Found]:
    """Find what a normalised sentence asks about earlier treatment."""
    patterns = _patterns()
    yield from _absences(text)
    for match in patterns["how"].finditer(text):
        for drugs in _drugs(match["drugs"]):
            yield match.span(), PriorTherapyRule(drugs=drugs, outcomes=_how(match["how"]), grade_at_least=_grade(match))
    for match in _ANY_ENDED.finditer(text):
        yield match.span(), PriorTherapyRule(outcomes=("progression",))
    yield from _included(text)
    for name in ("ended", "tried", "failed", "before", "after", "received"):
        for match in patterns[name].finditer(text):
            for drugs in _drugs(match["drugs"]):
                yield match.span(), PriorTherapyRule(drugs=drugs, outcomes=_ends(name, match))
    for name in ("relapsed", "lines"):
        for match in patterns[name].finditer(text):
            yield match.span(), PriorTherapyRule(lines=count(match["count"]) if name == "lines" else 1)


def _absences(text: str) -> Iterator[Found]:
    for match in _patterns()["naive"].finditer(text):
        yield match.span(), PriorTherapyRule(absent=True)
    for match in _patterns()["absent"].finditer(text):
        if match["before"] or "received" in match[0] or "treated" in match[0]:
            # None of several is each of them absent, whether they are joined by "and" or by "or".
            none_of = (name for alternatives in _drugs(match["drugs"]) for name in alternatives)
            yield match.span(), PriorTherapyRule(drugs=tuple(dict.fromkeys(none_of)), absent=True)


def _included(text: str) -> Iterator[Found]:
    """Find drugs that earlier lines must include ("at least two prior lines, including a taxane")."""
    for match in _patterns()["including"].finditer(text):
        if re.search(r"\b(?:prior|previous|earlier|received)\b", text[: match.start()]):
            for drugs in _drugs(match["drugs"]):
                yield match.span(), PriorTherapyRule(drugs=drugs)


def drugs_named(text: str) -> tuple[str, ...]:
    """Return the generic names of the drugs that stand in `text`, in order; a class is not a drug."""
    generic = {name: drugs[0] for name, drugs in _names().items() if len(drugs) == 1}
    return tuple(dict.fromkeys(generic[match[0]] for match in re.finditer(one_of(generic), text.lower())))


def _ends(name: str, match: re.Match[str]) -> tuple[End, ...]:
    if name == "failed":
        return tuple(dict.fromkeys(_ENDS[word] for word in re.findall("|".join(_ENDS), match["ends"])))
    return ("progression",) if name in ("ended", "tried") else ()


def _how(text: str) -> tuple[End, ...]:
    named = sorted(_HOW_ENDED, key=len, reverse=True)
    return tuple(dict.fromkeys(_HOW_ENDED[word] for word in re.findall("|".join(named), text)))


def _grade(match: re.Match[str]) -> int | None:
    grades = [int(match[name]) for name in ("grade", "grade2", "grade3") if match[name]]
    return grades[0] if grades else None


def _drugs(text: str) -> tuple[tuple[str, ...], ...]:
    """Read a list of drugs: alternatives joined by "or", one by one when joined by "and"; () when both are mixed."""
    found = [_meant(match[0]) for match in re.finditer(_called(), text)]
    rest = re.sub(rf"\b(?:an?|one) or more\b|{_called()}", " ", text).replace("and/or", "or")
    either = re.search(r"\bor\b", rest) is not None
    both = re.search(r"\band\b|\bplus\b|\bcombination\b|/", rest) is not None
    if either and both:
        return ()
    if both:
        return tuple(dict.fromkeys(found))
    return (tuple(dict.fromkeys(name for drugs in found for name in drugs)),)
