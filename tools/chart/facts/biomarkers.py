"""Tumor markers and their results, marker by marker, within one sentence."""

import re
from collections.abc import Iterator

from tools.chart.facts.lexicon import Mention
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.result_words import Result
from tools.chart.facts.results import result_after, results_in_turn
from tools.chart.facts.scope import Spoiler, spoiler

_TOGETHER = re.compile(r"\s*(?:,|/|&|and|or|,\s*and|,\s*or)?\s*(?:the\s+)?", re.IGNORECASE)
_REACH = 160
"""Characters after a marker within which its result stands."""

_KIND = (
    r"(?:(?:an?|any|the|known|actionable|targetable|sensitizing|activating|driver|pathogenic|germline|somatic"
    r"|detectable|evidence\s+of|other)\s+)*"
)
_DENIED_BEFORE = re.compile(
    rf"(?:\b(?P<of>negative\s+for|neg\s+for)|\b(?:no|without|absence\s+of|lacks?|lacking|no\s+evidence\s+of"
    rf"|without\s+evidence\s+of|(?:does|did)\s+not\s+(?:over)?express|did\s+not\s+(?:show|reveal|identify|detect|find|harbor))(?P<in>\s+{_KIND}(?:mutations?|alterations?|variants?"
    rf"|rearrangements?|fusions?)\s+(?:in|of|involving|affecting))?)\s+{_KIND}$",
    re.IGNORECASE,
)
_POSITIVE_BEFORE = re.compile(rf"\bpositive\s+for\s+{_KIND}$", re.IGNORECASE)
_CARRIES_BEFORE = re.compile(
    r"\b(?:harbou?r\w*|carr(?:y|ies|ying)|shows?|showed|showing|reveal\w*|identif\w+|detected|demonstrat\w+|found|has"
    rf"|had|with)\s+{_KIND}$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"[\s-]*(?:exons?\s+[\d/, and]+)?\s*(?:skipping\s+)?(?P<noun>alterations?|mutations?|rearrangements?|fusions?"
    r"|translocations?|aberrations?|(?:over)?expression|pathogenic\s+variants?|variants?|amplifications?)\b"
    r"(?!\s+(?:test|analysis|assay|status|panel|pending|result|unknown|order))",
    re.IGNORECASE,
)
_FOUND = ("identified", "detected", "found", "present", "seen", "positive", "reported")
_NOT_BEFORE = re.compile(
    r"\b(?:not|non|never|anti|no\s+longer|un|nor|neither|ruled?\s+out|rules\s+out|excluded?|excludes|denie[sd])[\s-]*$",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"[\s)]*(?:disease|tumou?r|cancer|status|result)?\s*(?:is|was|has\s+been)?\s*(?:ruled\s+out|excluded|not\s+confirmed|unlikely"
    r"|in\s+doubt|unconfirmed|retracted|withdrawn)",
    re.IGNORECASE,
)
_THERAPY = re.compile(
    r"[\s-]*(?:directed|targeted|targeting|inhibitors?|TKIs?|antibod\w+|therap\w+|blockade|agents?|treatment"
    r"|positive\s+control|visits?|antagonists?|agonists?)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\b(?:corrected|amended|revised|changed)\s+to\s*:?|\b(?:should\s+read|correct\s+result\s+is|is\s+in\s+fact|is\s+actually)\s*:?",
    re.IGNORECASE,
)
_AND = r"(?:\band\b|\bbut\b|\bvs\b|\bversus\b|,|->|→)[^.;]{0,40}?"
_SECOND = {
    "her2": re.compile(rf"{_AND}(?<![\d+])(?:[0-3]\s?\+|\bnegative\b|\bpositive\b)", re.IGNORECASE),
    "receptor": re.compile(rf"{_AND}\b\d{{1,3}}\s*%", re.IGNORECASE),
    "pdl1": re.compile(rf"{_AND}\b\d{{1,3}}\s*%", re.IGNORECASE),
    "gene": re.compile(
        r"(?:,|\band\b|\bbut\b|->)[^.;A-Z]{0,40}?\b(?:[Ww]ild[\s-]?[Tt]ype|not\s+detected|mutated|mutant)\b"
    ),
}
_SCALE = re.compile(r"\b(?:TPS|CPS|TC|IC|proportion\s+score|combined\s+positive\s+score)\b", re.IGNORECASE)
_SCALE_AFTER = re.compile(r"\s*\(?(?:TPS|CPS)\b")
_SCALES = {"tps": "TPS", "cps": "CPS", "tc": "TC", "ic": "IC", "proporti": "TPS", "combined": "CPS"}
_PENDING = re.compile(
    r"[\s:(-]*(?:\w+\s+){0,3}?(?:pending|ordered|sent|awaited|unknown|insufficient|not\s+tested|not\s+done|in\s+process)",
    re.IGNORECASE,
)


def read_biomarkers(line: Line) -> Iterator[Reading]:
    """Give every marker result the sentence asserts, and the markers it names without one.

    A result belongs to the markers named together right before it ("ER and PR positive"), or right after "no" or
    "negative for". One that is pending, supposed, someone else's, withdrawn or a rule's gives none.
    """
    markers = [
        mention for mention in line.mentions if mention.entry.kind == "marker" and not _is_therapy(line, mention)
    ]
    if not markers:
        return
    corrected = _correction(line, markers)
    readings = (
        corrected
        if corrected is not None
        else [r for group in _groups(line.text, markers) for r in _read(line, *group)]
    )
    known = {reading.name for reading in readings if isinstance(reading, Found)}
    yield from (reading for reading in readings if isinstance(reading, Found) or reading.name not in known)


def _is_therapy(line: Line, mention: Mention) -> bool:
    before, after = line.text[: mention.start], line.text[mention.end :]
    return before.lower().endswith(("anti-", "anti ")) or _THERAPY.match(after) is not None


def _groups(text: str, markers: list[Mention]) -> Iterator[tuple[list[Mention], int, int]]:
    """Give markers named together, with where the text before them begins and the text after them ends."""
    before = 0
    index = 0
    while index < len(markers):
        last = index
        while (
            not markers[last].entry.result
            and last + 1 < len(markers)
            and not markers[last + 1].entry.result
            and _TOGETHER.fullmatch(text, markers[last].end, markers[last + 1].start)
        ):
            last += 1
        group = markers[index : last + 1]
        following = markers[last + 1].start if last + 1 < len(markers) else len(text)
        yield group, before, following
        before = group[-1].end
        index = last + 1


def _read(line: Line, group: list[Mention], before: int, following: int) -> list[Reading]:
    text, start, end = line.text, group[0].start, group[-1].end
    lead, after = text[before:start], text[end : min(following, end + _REACH)]
    after = f" {after[1:]}" if after.startswith(")") else after  # a second name in brackets: "FOLR1 (FRalpha): 85%"
    result = _result(group, lead, after)
    turns = () if result is not None and len(group) == 1 else results_in_turn(group[0].entry.family, after, len(group))
    if turns:
        reach = end + turns[0].end
        spoiled = _spoiled(line, start, reach)
        if spoiled is None:
            return [_found(mention, turn) for mention, turn in zip(group, turns, strict=True)]
        return _missed(group, spoiled)
    if result is not None and _TAKEN_BACK.match(text, end + result.end):
        return _missed(group, "taken back")
    if result is not None and _has_another(group[0].entry.family, after[result.end :]):
        return _missed(group, "two results for one marker")
    if result is None:
        return _missed(group, "pending" if _PENDING.match(after) else "no sure result")
    if len(group) > 1 and ("percent" in result.values or "variant" in result.values):
        return _missed(group, "one value for several markers")
    spoiled = _spoiled(line, start, end + result.end)
    if spoiled is not None:
        return _missed(group, spoiled)
    scale_after = _SCALE_AFTER.match(text, end + result.end)
    scaled = _scaled(group, result, text[start : scale_after.end() if scale_after else end + result.end])
    return [found for mention in group for found in _named(mention, scaled)]


def _has_another(family: str, rest: str) -> bool:
    """Tell whether what follows a result states a second one of the same marker ("3+ on the primary and 1+ on ...")."""
    pattern = _SECOND.get(family)
    return pattern is not None and pattern.search(rest.split(";", 1)[0]) is not None


def _scaled(group: list[Mention], result: Result, text: str) -> Result:
    """Add the scale of a PD-L1 score where it is named: scores of two scales do not compare."""
    scale = _SCALE.search(text) if group[0].entry.family == "pdl1" else None
    if scale is None:
        return result
    return result._replace(values={**result.values, "scale": _SCALES.get(scale.group().casefold()[:8], scale.group())})


def _result(group: list[Mention], lead: str, after: str) -> Result | None:
    entry = group[0].entry
    if _NOT_BEFORE.search(lead):
        return None
    if entry.result:
        return _implied(group[0], lead, after)
    families = {mention.entry.family for mention in group}
    results = [result_after(family, after) for family in sorted(families)]
    if any(other is None or other.polarity != (results[0] and results[0].polarity) for other in results):
        results = [None]
    result = results[0]
    denied, noun = _DENIED_BEFORE.search(lead), _NOUN.match(after)
    if denied is not None:
        return _denied(result, of=bool(denied["of"] or denied["in"] or "express" in denied.group()), noun=noun)
    if result is None and _POSITIVE_BEFORE.search(lead):
        return Result({"result": "positive"}, "positive", 0, noun.end() if noun else 0)
    if result is None and noun is not None and _CARRIES_BEFORE.search(lead) and len(group) == 1:
        return Result({"result": noun["noun"].lower()}, "positive", 0, noun.end())
    return result


def _implied(mention: Mention, lead: str, after: str) -> Result | None:
    entry = mention.entry
    detail = result_after(entry.family, after) if entry.family == "her2" else None
    if _DENIED_BEFORE.search(lead) or result_after_denies(entry.family, after):
        return None
    values = {**(detail.values if detail else {}), "result": entry.result}
    if detail is not None and detail.polarity not in (entry.polarity, "equivocal", "unstated"):
        return None
    return Result(values, entry.polarity, 0, detail.end if detail else 0)


def result_after_denies(family: str, after: str) -> bool:
    """Tell whether what follows a name that says its own result takes that result back ("MSI-H: not detected")."""
    if re.match(r"[\s:(-]*(?:is\s+|was\s+)?(?:not\b|no\b|neg|absent|excluded|ruled\s+out)", after, re.IGNORECASE):
        return True
    result = result_after(family, after)
    return family != "her2" and result is not None and result.polarity == "negative" and after[:1] == ":"


def _denied(result: Result | None, *, of: bool, noun: re.Match[str] | None) -> Result | None:
    """Read "no EGFR mutation (detected)" and "negative for EGFR": negative; anything else beside a denial is unsure."""
    if result is None:
        return Result({"result": "not detected"}, "negative", 0, noun.end() if noun else 0) if of or noun else None
    if of and result.word in _FOUND:  # "no mutation in KRAS was identified"
        return Result({"result": "not detected"}, "negative", result.start, result.end)
    if result.word == "variant" or (noun is not None and result.polarity == "positive"):
        values = {key: value for key, value in result.values.items() if key == "variant"}
        return Result({**values, "result": "not detected"}, "negative", result.start, result.end)
    return None


def _named(mention: Mention, result: Result) -> Iterator[Found]:
    names = mention.entry.name.split() if mention.entry.result else [mention.entry.name]
    for name in names:
        yield _found(mention, result, name)


def _found(mention: Mention, result: Result, name: str = "") -> Found:
    return Found("biomarker", name or mention.entry.name, dict(result.values), result.polarity)


def _missed(group: list[Mention], why: str) -> list[Reading]:
    names = [
        name
        for mention in group
        for name in (mention.entry.name.split() if mention.entry.result else [mention.entry.name])
    ]
    return [Missed("biomarker", name, why) for name in names]


def _spoiled(line: Line, start: int, end: int) -> Spoiler | None:
    if line.of_family:
        return "family"
    return spoiler(line.text, start, end, allow=("negated",))


def _correction(line: Line, markers: list[Mention]) -> list[Reading] | None:
    """Read "HER2, previously reported as negative, is corrected to positive": the later result."""
    cue = _CORRECTED.search(line.text)
    if cue is None:
        return None
    if len({mention.entry.name for mention in markers}) != 1 or spoiler(
        line.text, cue.start(), cue.end(), allow=("negated", "historical")
    ):
        return [
            Missed("biomarker", mention.entry.name, "a correction that names several markers") for mention in markers
        ]
    after = line.text[cue.end() :]
    inside = [mention for mention in markers if mention.start >= cue.end()]
    result = result_after(markers[0].entry.family, line.text[inside[0].end :] if inside else after)
    if result is None or _NOT_BEFORE.search(line.text[: cue.start()]):
        return [Missed("biomarker", markers[0].entry.name, "a correction that could not be read")]
    return [Found("biomarker", markers[0].entry.name, {**result.values, "corrects": "yes"}, result.polarity)]
