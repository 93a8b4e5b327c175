"""A HER2 result: immunohistochemistry score, in situ hybridisation and the word, joined into one."""

import re

from knowledge.types.chart import Polarity
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.result_words import Result, connected, sign, symbol, word_at
from tools.chart.facts.scope import spoiler

_IHC = re.compile(
    r"[\s,(]*(?:(?:by\s+)?(?:IHC|immunohistochemistry)\s*)?(?:score\s*(?:of\s*)?)?[:=]?\s*"
    r"(?:(?P<score>0|[123]\s?\+|\+\s?[123])(?:\s*/\s*3\+?)?|(?P<plain>[123])\s*plus)"
    r"(?![\d%]|\.\d|\s*(?:-|–|to|/)\s*\+?\d)",
    re.IGNORECASE,
)
_HYBRID = re.compile(
    r"[\s,;/(-]*(?:and\s+|with\s+|but\s+)?(?:by\s+)?(?:F?ISH|in\s+situ\s+hybridi[sz]ation)\s*(?:is|was|:|=)?\s*"
    r"(?:\(?ratio\s*(?:of\s*|:\s*)?[\d.]*\d\)?\s*[,;]?\s*)?(?P<word>not\s+amplified|non-?amplified|negative|amplified|positive|neg|pos|[-−–](?![\w])|\+)",
    re.IGNORECASE,
)
_BY_HYBRID = re.compile(r"\s*(?:by|on|per|\()\s*(?:F?ISH|in\s+situ)", re.IGNORECASE)


def her2(text: str) -> Result | None:
    """Read score, hybridisation and word of a HER2 result; None when none is there or they contradict."""
    at = connected(text)
    word = symbol(text) or word_at("her2", text, at)
    score = _IHC.match(text, word.end if word else at) or (None if word else _IHC.match(text))
    values: dict[str, str] = dict(word.values) if word else {}
    end = word.end if word else at
    if score is not None:
        values["ihc"] = _score(score)
        end = score.end()
    hybrid = _HYBRID.match(text, end) or (_HYBRID.match(text) if not word and score is None else None)
    if hybrid is not None:
        values["ish"] = _ish(hybrid["word"])
        end = hybrid.end()
    elif word is not None and "amplified" in word.word:
        values["ish"] = word.values["result"]
    elif (
        word is not None
        and score is None
        and _BY_HYBRID.match(text, word.end)
        and word.polarity in ("positive", "negative")
    ):
        values["ish"] = "amplified" if word.polarity == "positive" else "not amplified"
    if not values:
        return None
    return _her2_agreed(values, word.polarity if word else "unstated", at, end)


def hybridisation(line: Line) -> Reading | None:
    """Read a sentence that begins with a hybridisation ("ISH not amplified, ratio 1.1."): HER2's, named before."""
    match = _HYBRID.match(line.text)
    if (
        match is None
        or line.of_family
        or not re.match(r"\W*(?:reflex\s+)?(?:F?ISH|in\s+situ)", line.text, re.IGNORECASE)
    ):
        return None
    if spoiler(line.text, 0, match.end(), allow=("negated",)):
        return Missed("biomarker", "HER2", "not sure")
    ish = _ish(match["word"])
    return Found("biomarker", "HER2", {"ish": ish, "result": ish}, sign(ish == "amplified"))


def _score(match: re.Match[str]) -> str:
    digit = re.sub(r"\D", "", match["score"] or match["plain"])[:1]
    return "0" if digit == "0" else f"{digit}+"


def _ish(word: str) -> str:
    lower = word.lower()
    return "not amplified" if lower.startswith(("no", "neg", "-", "−", "–")) else "amplified"


def _her2_agreed(values: dict[str, str], said: Polarity, start: int, end: int) -> Result | None:
    """Join score, hybridisation and word into one category; None when they contradict each other."""
    ihc, ish = values.get("ihc"), values.get("ish")
    signs: set[Polarity] = set()
    if said in ("positive", "negative"):
        signs.add(said)
    if ihc and ihc != "2+":
        signs.add(sign(ihc == "3+"))
    if ish:
        signs.add(sign(ish == "amplified"))
    if len(signs) > 1:
        return None
    open_: Polarity = "equivocal" if ihc == "2+" or said == "equivocal" else "unstated"
    polarity = signs.pop() if signs else open_
    values.setdefault("result", f"IHC {ihc}" if ihc else (ish or ""))
    return Result(values, polarity, start, end)
