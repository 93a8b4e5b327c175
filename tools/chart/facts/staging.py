"""Stage, TNM, performance status, sites of metastasis, intent and histology."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.types.chart import Topic
from tools.chart.facts.data import SiteRow, read_rows
from tools.chart.facts.lexicon import Mention
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.scope import spoiler

_STAGE = re.compile(
    r"stage\s*(?:group\s*)?:?\s*(?:is\s+)?(?P<stage>(?:IV|III|II|I|0|[1-4])(?:[ABCabc][1-3]?)?)(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_OTHER_STAGES = re.compile(
    r"\b(?:CKD|kidney|renal\s+(?:disease|insufficiency|failure)|ulcers?|pressure\s+injur\w+|wound|decubitus|lymph?edema|fibrosis|cirrhosis"
    r"|heart\s+failure|hypertension|COPD|dementia|sleep)\b",
    re.IGNORECASE,
)
"""What is staged as well and is no cancer."""
_RISS = re.compile(r"R-ISS\s*(?:stage\s*)?(?P<stage>III|II|I|[1-3])(?!\w)", re.IGNORECASE)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_TNM = re.compile(
    r"(?<!\w)(?P<t>[cpyra]{0,2}T(?:is|[0-4X])(?:[a-d])?(?:\(\w+\))?)[\s,]*(?P<n>[cpyra]{0,2}N[0-3X](?:[a-c]|mi)?(?:\(\w+\))?)"
    r"(?:[\s,]*(?P<m>[cp]?M[01X](?:[a-c])?))?(?!\w)"
)
_ECOG = re.compile(
    r"(?:ECOG|Zubrod|performance\s+status)(?:\s*(?:performance\s+status|performance|PS|score|status|is|of|was|:|=|-"
    r"|remains|today|\(ECOG\)|\(PS\)))*\s*(?P<low>[0-4])(?:\s*(?:-|–|to)\s*(?P<high>[0-4]))?(?![\w%/-]|\.\d|\s*cm)",
    re.IGNORECASE,
)
_KARNOFSKY = re.compile(
    r"(?:Karnofsky|KPS)(?:\s*(?:performance\s+status|performance|score|status|\(KPS\)|is|of|:|=))*\s*"
    r"(?P<low>100|[1-9]0)\s*%?(?![\d-]|\.\d)",
    re.IGNORECASE,
)
_SITE = r"(?P<site>[A-Za-z]+(?:\s+(?:node|nodes))?)"
_METASTATIC_TO = re.compile(
    r"(?:metasta(?:tic|sized|ses|sis)|\bmets)\s+(?:disease\s+)?(?:to|in|involving)\s+(?P<sites>[^.;:()]{3,80})",
    re.IGNORECASE,
)
_METASTASES = re.compile(
    r"(?P<sites>(?:[A-Za-z]+(?:\s*(?:,|/|and|&)\s*|\s+))?[A-Za-z]+)\s+(?:metasta(?:ses|sis)|mets)\b", re.I
)
_NO_METASTASES = re.compile(
    r"\b(?:no|without|negative\s+for|no\s+evidence\s+of|free\s+of)\s+(?:distant\s+|evidence\s+of\s+|definite\s+)*"
    r"(?P<sites>(?:[a-z]+\s+(?:or\s+|and\s+)?){0,3})(?:metasta(?:ses|sis)|mets|metastatic\s+disease)\b",
    re.IGNORECASE,
)
_INTENT = re.compile(
    r"\b(?P<intent>neo-?adjuvant|adjuvant|palliative|curative|maintenance|consolidation)\b"
    r"(?!\s+(?:radiation|radiotherapy|RT|care|medicine|consult|team|dose|surgery|fluids))",
    re.IGNORECASE,
)


def read_stage(line: Line) -> Iterator[Reading]:
    """Give the one stage group a sentence asserts; two different ones are not settled here."""
    for name, pattern in (("AJCC", _STAGE), ("R-ISS", _RISS)):
        found = list(pattern.finditer(line.text))
        if not found or _OTHER_STAGES.search(line.text):
            continue
        stages = {_stage(match["stage"]) for match in found}
        why = _why(line, found[0]) or ("two stages" if len(stages) > 1 else None)
        if why:
            yield Missed("stage", name, why)
        else:
            yield Found("stage", name, {"stage": stages.pop()}, "positive")


def read_tnm(line: Line) -> Iterator[Reading]:
    """Give the T, N and M categories where T and N stand together."""
    if "N" not in line.text or "T" not in line.text:
        return
    found = list(_TNM.finditer(line.text))
    if found:
        why = _why(line, found[0]) or ("two TNM groups" if len({match.group() for match in found}) > 1 else None)
        values = {name: text for name in "tnm" if (text := found[0][name])}
        yield Missed("stage", "TNM", why) if why else Found("stage", "TNM", values, "positive")


def read_performance(line: Line) -> Iterator[Reading]:
    """Give ECOG (0 to 4, or a range as written) and Karnofsky (10 to 100)."""
    for name, pattern in (("ECOG", _ECOG), ("Karnofsky", _KARNOFSKY)):
        match = pattern.search(line.text)
        if match is None:
            continue
        why = _why(line, match)
        if why:
            yield Missed("performance", name, why)
            continue
        high = match.groupdict().get("high")
        yield Found("performance", name, {"low": match["low"], "high": high} if high else {"score": match["low"]})


def read_metastasis(line: Line) -> Iterator[Reading]:
    """Give metastatic disease with the sites that are named, or that there is none."""
    denied = _NO_METASTASES.search(line.text)
    if denied is not None:
        sites = _sites(denied["sites"])
        unsure = _why(line, denied) not in (None, "negated") or (bool(denied["sites"].strip()) and not sites)
        for site in sites or ("any",):
            yield Missed("metastasis", site, "not sure") if unsure else Found("metastasis", site, {}, "negative")
        return
    found = False
    for pattern in (_METASTATIC_TO, _METASTASES):
        for match in pattern.finditer(line.text):
            why = _why(line, match)
            for site in _sites(match["sites"]):
                found = True
                yield Missed("metastasis", site, why) if why else Found("metastasis", site, {}, "positive")
    if not found:
        word = re.search(r"\bmetasta(?:tic|ses|sis|sized)\b(?!\s+(?:work-?up|survey|screen))", line.text, re.IGNORECASE)
        if word is not None:
            why = _why(line, word)
            yield Missed("metastasis", "any", why) if why else Found("metastasis", "any", {}, "positive")


def read_intent(line: Line) -> Iterator[Reading]:
    """Give the intent of drug treatment a sentence names; of several none, as each may be of another treatment."""
    names = {match["intent"].lower().replace("-", "") for match in _INTENT.finditer(line.text)}
    if len(names) == 1:
        match = _INTENT.search(line.text)
        why = _why(line, match) if match else None
        name = names.pop()
        yield Missed("intent", name, why) if why else Found("intent", name, {}, "positive")
    for name in sorted(names) if len(names) > 1 else ():
        yield Missed("intent", name, "several intents")


def read_histology(line: Line, mentions: list[Mention]) -> Iterator[Reading]:
    """Give each histology the sentence names and does not deny."""
    topic: Topic = "histology"
    for name in dict.fromkeys(mention.entry.name for mention in mentions):
        first = next(mention for mention in mentions if mention.entry.name == name)
        why = "family" if line.of_family else spoiler(line.text, first.start, first.end)
        yield Missed(topic, name, why) if why else Found(topic, name, {}, "positive")


def _why(line: Line, match: re.Match[str]) -> str | None:
    return "family" if line.of_family else spoiler(line.text, match.start(), match.end())


def _stage(written: str) -> str:
    upper = written.upper()
    return _ROMAN.get(upper[0], "") + upper[1:] if upper[0] in _ROMAN else upper


def _sites(text: str) -> tuple[str, ...]:
    pattern, sites = _site_words()
    return tuple(dict.fromkeys(sites[match.group().casefold()] for match in pattern.finditer(text)))


@cache
def _site_words() -> tuple[re.Pattern[str], dict[str, str]]:
    sites = {row.words.casefold(): row.site for row in read_rows("sites.csv", SiteRow)}
    choices = "|".join(re.escape(words) for words in sorted(sites, key=len, reverse=True))
    return re.compile(rf"\b(?:{choices})\b", re.IGNORECASE), sites
