"""Events and standing facts: neutropenic fever, transfusion, reactions, trials, hospice, signatures, infusion times."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from knowledge.types.chart import Polarity
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.partial_dates import partial
from tools.chart.facts.scope import spoiler
from tools.chart.sentences import is_plain_report
from tools.chart.statements import statements

_RISK = re.compile(
    r"\b(?:(?P<level>high|intermediate|low|increased|elevated)[\s-]+)?risk\s+(?:of|for)\s+(?:febrile\s+neutropenia|neutropenic\s+fever|FN\b)"
    r"|\b(?:febrile\s+neutropenia|FN)\s+risk\b(?:(?:\s+of\s+[^.;,]{1,30}?)?\s*(?:is|:|=)?\s*(?P<bound>>|≥|above|over|at\s+least)?"
    r"\s*(?P<percent>\d{1,2})\s*%)?",
    re.IGNORECASE,
)
_GRADE = re.compile(r"\bgrade\s*(?P<grade>[1-5])\b|\b(?P<word>mild|moderate|severe)\b", re.IGNORECASE)
_NCT = re.compile(r"\bNCT\s?(?P<number>\d{8})\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:/])(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_SIGNED = re.compile(
    r"\b(?i:electronically\s+signed|e-?signed|digitally\s+signed|signed\s+electronically|authenticated|signed)\s*(?:by)?\s*:?\s+"
    r"(?:Dr\.?\s+)?(?P<name>[A-Z][\w.'-]+(?:\s+(?!(?:MD|DO|NP|PA|RN|PharmD|APRN|CNP|FNP|PhD)\b)[A-Z][\w.'-]*){0,3})(?:,?\s+(?P<title>(?:MD|DO|NP|PA(?:-C)?|RN|PharmD|APRN"
    r"|CNP|FNP|PhD|BSN|OCN)(?:[,\s]+(?:MD|DO|NP|RN|OCN|PhD|BSN))*))?"
    r"(?:\s*,?\s*(?:on\s+|at\s+)?(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}))?(?![\w-])"
)
_UNSIGNED = re.compile(
    r"\b(?:unsigned|not\s+(?:yet\s+)?(?:been\s+)?signed|awaiting\s+signature|pending\s+signature|signature\s+pending|needs\s+signature"
    r"|draft(?:\s+(?:note|report))?\s*(?:$|[:,.-])|without\s+(?:a\s+)?signature)",
    re.IGNORECASE,
)


class _Pattern(NamedTuple):
    name: str
    happened: re.Pattern[str]
    denied: re.Pattern[str]


_TRANSFUSION = _Pattern(
    "transfusion",
    re.compile(
        r"\btransfused\b|\b(?:received|given|required|requiring|underwent|after)\s+(?:an?\s+|\d+\s+|one\s+|two\s+)?"
        r"(?:units?\s+of\s+)?(?:\w+\s+){0,3}transfusions?\b|\btransfusion[\s-](?:dependent|given|completed)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:no|without|never|not|denies|free\s+of)\b[^.;,]{0,30}\btransfus\w+", re.IGNORECASE),
)
_REACTION = _Pattern(
    "reaction",
    re.compile(
        r"\b(?:(?:infusion|allergic|hypersensitivity|anaphylactic|transfusion|severe|moderate|mild|grade\s+\d|delayed"
        r"|infusion-related)[\s-]+)+reactions?\b|\banaphylaxis\b|\b(?:had|developed|experienced)\s+an?\s+reaction\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:no|without|denies)\s+(?:\w+\s+){0,4}?(?:reactions?|anaphylaxis)\b|\breactions?\s*[:=]\s*none\b",
        re.IGNORECASE,
    ),
)
_TRIAL = _Pattern(
    "clinical trial",
    re.compile(
        r"\b(?:enrolled|enrollment|participat\w+|treated|consented|randomi[sz]ed|is)\s+(?:\w+\s+){0,3}?(?:in|on|to|onto)\s+(?:an?\s+|the\s+)?"
        r"(?:[\w-]+\s+){0,4}?(?:trial|protocol|study)\b|\bon[\s-](?:study|protocol|trial)\b|\b(?:signed\s+consent|consented)\s+(?:\w+\s+)?(?:for|to)\s+NCT\s?\d{8}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:not|no|off|outside(?:\s+of)?|declined|declines|ineligible\s+for|never)\b[^.;,]{0,30}\b(?:trial|protocol|study)\b",
        re.IGNORECASE,
    ),
)
_HOSPICE = _Pattern(
    "hospice",
    re.compile(
        r"\b(?:enrolled|admitted|elected|transferred|transitioned|enters?|entered|discharged|is|now)\s+(?:\w+\s+){0,3}?(?:in|on|to|into"
        r"|with|under)?\s*(?:home\s+|inpatient\s+)?hospice\b|\bhospice\s+(?:election|enrollment|start(?:ed)?|since)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:not|no|declin\w+|refus\w+|never|revoked|left)\b[^.;,]{0,30}\bhospice\b|\bhospice\s+(?:revoked|declined|refused)",
        re.IGNORECASE,
    ),
)


def _event(line: Line, pattern: _Pattern) -> Iterator[Reading]:
    denied = pattern.denied.search(line.text)
    if denied is not None:
        if _why(line, denied) in (None, "negated"):
            yield Found("event", pattern.name, {}, "negative")
        else:
            yield Missed("event", pattern.name, "not sure")
        return
    match = pattern.happened.search(line.text)
    why = _why(line, match) if match else None
    if match is None or why:
        yield Missed("event", pattern.name, why or "not sure")
        return
    yield Found("event", pattern.name, _grade(line.text), "positive")


def _grade(text: str) -> dict[str, str]:
    grades = [match["grade"] or match["word"].lower() for match in _GRADE.finditer(text)]
    return {"grade": grades[0]} if len(grades) == 1 else {}


def read_neutropenia(line: Line) -> Iterator[Reading]:
    """Give febrile neutropenia that happened or was absent, and a stated risk of it as a fact of its own."""
    risk = _RISK.search(line.text)
    if risk is not None:
        if line.of_family or spoiler(line.text, risk.start(), risk.end(), allow=("planned", "rule")):
            yield Missed("event", "febrile neutropenia risk", "not sure")
        else:
            slots = {
                "level": (risk["level"] or "").lower(),
                "percent": risk["percent"] or "",
                "bound": risk["bound"] or "",
            }
            yield Found("event", "febrile neutropenia risk", {k: text for k, text in slots.items() if text}, "positive")
        return
    match = re.search(r"\bfebrile\s+neutropenia|neutropenic\s+fever", line.text, re.IGNORECASE)
    if match is not None:
        why = _why(line, match)
        polarity: Polarity = "negative" if why == "negated" else "positive"
        if why in (None, "negated") and "prevent" not in line.text and "prophylaxis" not in line.text:
            yield Found("event", "febrile neutropenia", {}, polarity)
        else:
            yield Missed("event", "febrile neutropenia", why or "prevention")


def read_transfusion(line: Line) -> Iterator[Reading]:
    """Give a transfusion that was given, or that there was none."""
    return _event(line, _TRANSFUSION)


def read_reaction(line: Line) -> Iterator[Reading]:
    """Give a reaction with its grade, or that there was none."""
    return _event(line, _REACTION)


def read_trial(line: Line) -> Iterator[Reading]:
    """Give enrolment in a trial, with its registry number where one is named, or that there is none."""
    number = _NCT.search(line.text)
    for reading in _event(line, _TRIAL):
        if isinstance(reading, Found) and number is not None:
            yield reading._replace(values={**reading.values, "nct": f"NCT{number['number']}"})
        else:
            yield reading


def read_hospice(line: Line) -> Iterator[Reading]:
    """Give hospice that was elected, or that it was not."""
    return _event(line, _HOSPICE)


def read_signature(line: Line) -> Iterator[Reading]:
    """Give who signed, with title and day as written, or that the document is not signed."""
    if _UNSIGNED.search(line.text):
        yield Found("signature", "unsigned", {}, "negative")
        return
    match = _SIGNED.search(line.text)
    if match is None or (match.start() > 0 and not is_plain_report(line.text)):
        return
    written = partial(match["date"]) if match["date"] else None
    slots = {"signer": match["name"].rstrip(","), "title": match["title"] or "", "date": written or ""}
    yield Found("signature", "signed", {name: text for name, text in slots.items() if text}, "positive")


def read_infusion_times(line: Line) -> Iterator[Reading]:
    """Give the start and stop of an infusion as HH:MM where a plain report states both."""
    if ":" not in line.text or len(_CLOCK.findall(line.text)) < 2 or not is_plain_report(line.text):
        return
    for name, values in statements(line.text):
        if name == "infusion-times":
            yield Found("infusion", "times", dict(values), "positive")


def has_nct(text: str) -> bool:
    """Tell whether a text names a trial registry number."""
    return ("NCT" in text or "nct" in text) and _NCT.search(text) is not None


READERS: dict[str, Callable[[Line], Iterator[Reading]]] = {
    "neutropenia": read_neutropenia,
    "transfusion": read_transfusion,
    "reaction": read_reaction,
    "trial": read_trial,
    "hospice": read_hospice,
    "signature": read_signature,
}
"""Readers by the name the trigger table calls them."""


def _why(line: Line, match: re.Match[str]) -> str | None:
    return "family" if line.of_family else spoiler(line.text, match.start(), match.end())
