"""The sentence patterns: a dose, its waste, its times, a changed order, an authorization number."""

import re
from collections.abc import Iterator

from knowledge.types.chart import Amount
from tools.chart.quantity import NUMBER, PER_BODY, doses_in, interval_in, plain, unit_name
from tools.chart.sentences import is_future, is_negated, is_supposed

Values = dict[str, str]

NO_WASTE = re.compile(
    r"\b(?:no\s+(?:drug\s+)?(?:waste|wastage)|nothing\s+(?:was\s+)?(?:discarded|wasted)"
    r"|no\s+(?:drug|amount|medication)\s+(?:was\s+)?(?:discarded|wasted)"
    r"|(?:waste|wastage|discarded)\s*[:=]\s*(?:none|0(?![\d.])(?:\s*mg)?))",
    re.IGNORECASE,
)
"""Words that say nothing was thrown away."""

_TO = r"\b(?P<from>.*?)\bto\b(?P<to>.*)"
_CHANGED = re.compile(
    rf"\b(?:changed|switched|increased|decreased|reduced|adjusted|modified|converted){_TO}", re.IGNORECASE | re.DOTALL
)
_CHANGE = re.compile(
    rf"\b(?:change|switch|increase|decrease|reduce|adjust|convert|move){_TO}", re.IGNORECASE | re.DOTALL
)
_ASIDE = re.compile(r",\s|\(")
_PLANNED = re.compile(r"\b(?:plan(?:s|ned)?|will)\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b(?P<from>.*)", re.IGNORECASE | re.DOTALL)

_GIVEN = re.compile(
    r"\b(?:administered|received|infused|gave|injected"
    r"|given(?!\s+(?:the|her|his|their|its|that|this|these|those|a|progress|prior|recent|concern|risk)))\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"\b(?:ordered|prescribed|order(?:\s+entered)?(?=\s*:|\s+for\b))", re.IGNORECASE)
_AS_ORDERED = re.compile(r"\b(?:as|per)\s+(?:ordered|prescribed|orders?)\b", re.IGNORECASE)
_ANOTHER_TIME = re.compile(
    r"\b(?:previous(?:ly)?|last|prior|earlier|ago|history|before|since|to\s+date|total|cumulative|so\s+far|auth\w*)\b",
    re.IGNORECASE,
)
_SIZE = rf"(?:\w+\s+)?(?:\d+\s*[x×]\s*)?{NUMBER}\s*(?:mg|mcg|g|ml)?(?:\s*[x×]\s*\d+)?"
_VIAL = re.compile(
    rf"(?:{_SIZE}\s*(?:,|and|\+)\s*)?{_SIZE}[\s-]*(?:single|multi)?[\s-]*(?:dose)?[\s-]*vials?\b"
    rf"|\bvials?\b:?\s*{_SIZE}(?:\s*(?:,|and|\+)\s*{_SIZE})?",
    re.IGNORECASE,
)
"""Packages opened, whose sizes are no doses."""


def _amount(suffix: str) -> str:
    return rf"(?P<number{suffix}>{NUMBER})\s*(?P<unit{suffix}>mg|mcg|g|gm|ml|units?)\b(?!\s*/)"


_WASTED = re.compile(
    rf"(?:(?<![\w.,]){_amount('1')}\s*(?:\([^)]*\)\s*)?(?:of\s+[a-z-]+\s+)?(?:was\s+|were\s+)?"
    rf"(?:discarded|wasted|of\s+waste\b|waste\b)"
    rf"|\b(?:discarded|wasted|waste|wastage)\s*(?:amount\s*)?[:=]?\s*{_amount('2')})",
    re.IGNORECASE,
)

_CLOCK = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d(?=\s*(?:h|hrs|hours)\b))"
_HALF = r"\s*[ap]\.?m\b"
_DAY_BEFORE = r"(?:\d{4}-\d{2}-\d{2}[ T]?(?:at\s*)?)?"
_FIRST = rf"(?P<start>{_CLOCK})(?!\d)(?P<half1>{_HALF})?"
_SECOND = rf"(?P<stop>{_CLOCK})(?!\d)(?P<half2>{_HALF})?"
_START_STOP = re.compile(
    rf"\b(?:start(?:ed|\s+time)?|begun|began|from)\b\D{{0,12}}{_DAY_BEFORE}{_FIRST}.{{0,40}}?"
    rf"\b(?:stop(?:ped|\s+time)?|end(?:ed|\s+time)?|completed?|finished|until|to)\b\D{{0,12}}{_DAY_BEFORE}{_SECOND}",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(
    rf"\b(?:infus\w*|given|administered|ran|IV|IVPB)\b.{{0,60}}?(?<![\d:]){_FIRST}\s*(?:-|–|to|until)\s*{_SECOND}",
    re.IGNORECASE | re.DOTALL,
)

_AUTHORIZATION = re.compile(
    r"\b(?:prior\s+)?auth(?:orization)?\b(?:\s*(?:number|no\.?|num\.?|#|id))?\s*[:#]?\s*"
    r"(?P<number>(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{2,24})(?![A-Z0-9/]|\.\d)",
    re.IGNORECASE,
)
_NOT_A_NUMBER = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}-\d{1,2}-\d{2,4}|[A-Z]\d{4}|\d{1,5}", re.IGNORECASE)
"""Dates, HCPCS codes and counts, which follow the word authorization as well."""


def statements(text: str) -> Iterator[tuple[str, Values]]:
    """Give what a plain report says of one dose: `waste`, `dose-given` or `dose-ordered`, `infusion-times`.

    A dose with the times it was started and stopped was given, whatever the verb.
    """
    times = [*_START_STOP.finditer(text)] or [*_SPAN.finditer(text)]
    clock = _clock(times[0]) if len(times) == 1 else {}
    yield from _waste(text)
    yield from _dose(text, ran=bool(clock))
    if clock:
        yield "infusion-times", clock


def order_change(text: str) -> Values:
    """Read "changed [from 200 mg q3w] to 400 mg every 6 weeks"; {} unless one new dose is plainly said.

    A change that only starts with the next cycle was still made; one that is denied, supposed or yet to
    come was not.
    """
    match = _CHANGED.search(text)
    if match is None or is_negated(text) or is_supposed(text) or is_future(text[: match.start("to")]):
        return {}
    return _change(match)


def planned_change(text: str) -> Values:
    """Read "Plan: change to 400 mg every 6 weeks": decided, not yet done; {} when it is only weighed."""
    rest = _PLANNED.sub("", text)
    match = _CHANGE.search(rest)
    return {} if match is None or is_negated(rest) or is_supposed(rest) else _change(match)


def authorization_number(text: str) -> str:
    """Return the one authorization number a sentence names, "" when it names none or two."""
    found = {match["number"] for match in _AUTHORIZATION.finditer(text)}
    numbers = {number for number in found if not _NOT_A_NUMBER.fullmatch(number)}
    return numbers.pop() if len(numbers) == 1 else ""


def _change(match: re.Match[str]) -> Values:
    new = _FROM.sub("", match["to"])
    late = _FROM.search(match["to"])
    old = match["from"] if _FROM.search(match["from"]) else (late["from"] if late else "")
    new = _ASIDE.split(new)[0]
    dose, interval = _only_dose(new), interval_in(new)
    if dose is None:
        return {}
    values = _shown(dose)
    if interval is not None:
        values["interval_days"] = str(interval)
    before, interval_before = _only_dose(old), interval_in(old)
    if before is not None:
        values.update({f"from_{name}": value for name, value in _shown(before).items()})
    if interval_before is not None:
        values["from_interval_days"] = str(interval_before)
    return values


def _waste(text: str) -> Iterator[tuple[str, Values]]:
    found = list(_WASTED.finditer(text))
    if len(found) == 1:
        number, unit = found[0]["number1"] or found[0]["number2"], found[0]["unit1"] or found[0]["unit2"]
        yield "waste", {"amount": f"{plain(number):f}", "unit": unit_name(unit)}


def _dose(text: str, *, ran: bool) -> Iterator[tuple[str, Values]]:
    rest = _AS_ORDERED.sub(" ", _VIAL.sub(" ", _WASTED.sub(" ", text)))
    dose = _only_dose(rest)
    given, ordered = ran or _GIVEN.search(rest) is not None, _ORDERED.search(rest) is not None
    if dose is not None and given != ordered and not _ANOTHER_TIME.search(rest):
        yield "dose-given" if given else "dose-ordered", _shown(dose)


def _only_dose(text: str) -> Amount | None:
    """Return the one fixed dose in a text; a dose per kg, m2 or AUC may stand beside it, a second fixed one not."""
    fixed = [amount for amount in doses_in(text) if amount.unit not in PER_BODY]
    return fixed[0] if len(fixed) == 1 else None


def _shown(dose: Amount) -> Values:
    return {"amount": f"{dose.value:f}", "unit": dose.unit}


def _clock(match: re.Match[str]) -> Values:
    """Return both times as HH:MM on a 24-hour clock; {} when the stop does not follow the start."""
    start = _minutes(match["start"], match["half1"] or match["half2"])
    stop = _minutes(match["stop"], match["half2"])
    if start is None or stop is None or stop <= start:
        return {}
    return {"start": f"{start // 60:02}:{start % 60:02}", "stop": f"{stop // 60:02}:{stop % 60:02}"}


def _minutes(clock: str, half: str | None) -> int | None:
    digits = clock.replace(":", "").zfill(4)
    hour, minute = int(digits[:2]), int(digits[2:])
    if half is None:
        return hour * 60 + minute
    if not 1 <= hour <= 12:
        return None
    return (hour % 12 + (12 if "p" in half.lower() else 0)) * 60 + minute
