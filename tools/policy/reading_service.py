"""What a policy sentence asks of the service: dose and interval, place, documents, an authorization."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import AuthorizationRule, DocumentRule, DoseOption, DoseRule, SiteRule
from tools.chart.quantity import unit_name
from tools.policy.wording import COUNT, NUMBER, Found, count, one_of

_UNIT = r"(?:(?:mg|mcg|g|units?)(?:/(?:kg|m2))?)"
_EVERY = rf"(?:(?:once )?every |q ?)(?P<count>{COUNT})[ -]?(?P<period>days?|weeks?|d|w|wk)"
_OPTION = re.compile(
    rf"(?P<limit>(?:up to|(?:a )?maximum(?: dose)?(?: of| is)?|no more than|not to exceed|does not exceed|<="
    rf"|limited to) )?"
    rf"(?P<amount>{NUMBER}) ?(?P<unit>{_UNIT})(?![\w/])(?: \((?:{NUMBER}) (?:billing )?units\))?"
    rf"(?:,? (?:{_EVERY}|(?P<per>per (?:day|dose|administration|infusion|date of service|visit))))?"
)
_THEN = re.compile(
    rf",?(?: for(?: the first)? (?:{COUNT}) (?:doses?|cycles?|infusions?|weeks?|months?))?[,;]?(?: and)? "
    r"(?:then|followed by|thereafter)(?: by)? ?"
)
"""Between the steps of a schedule ("for four doses, then")."""
_INTERVAL = re.compile(
    rf"(?:no more (?:often|frequently) than|not more (?:often|frequently) than|given|administered) {_EVERY}"
    rf"|(?:at least|>=|a minimum of) (?P<between>{COUNT})[ -]?(?P<span>days?|weeks?)"
    rf" (?:between|apart)(?: doses| infusions)?"
)
_AUTHORIZATION = re.compile(
    r"\b(?:prior |pre-?)?(?:authorization|certification|determination)(?: is| must be)? (?:required|needed|obtained)"
    r"|\b(?:needs?|requires?|required|must have)(?: an?)?(?: approved)?"
    r" (?:prior authorization|preauthorization|precertification|authorization"
    r"|(?:organization )?determination)"
)
_GIVEN_IN = r"(?:administered|given|provided|furnished|infused)(?: only)? (?:in|at) "
_ASKED = re.compile(r"\b(?:submit|submitted|include|included|attach|attached|provide|provided|send|sent)\b")
_COPY = r"(?:(?:an?|the|copy of|signed|current|recent|most recent) )*"


def services(text: str, *, documents: bool) -> Iterator[Found]:
    """Find what a normalised sentence asks of the service; `documents`: the sentence stands in a list of documents."""
    options = _dose(text)
    if options is not None:
        yield options
    for match in _INTERVAL.finditer(text):
        number, period = (match["count"], match["period"]) if match["count"] else (match["between"], match["span"])
        yield match.span(), DoseRule(options=(DoseOption(interval_days=_days(number, period)),))
    for match in _AUTHORIZATION.finditer(text):
        yield match.span(), AuthorizationRule()
    for match in _places().finditer(text):
        names = re.findall(one_of(_place_names()), match[0])
        yield match.span(), SiteRule(places=tuple(sorted({code for name in names for code in _place_names()[name]})))
    if documents or _ASKED.search(text):
        yield from _documents(text)


def _dose(text: str) -> Found | None:
    """Read one schedule, or several joined by "or"; None when an amount stands without a limit, interval or day."""
    found = list(_OPTION.finditer(text))
    if not found:
        return None
    joints = [text[a.end() : b.start()] for a, b in pairwise(found)]
    steps = bool(joints) and all(_THEN.fullmatch(joint) for joint in joints)
    if not steps and any(joint.strip(" ,") != "or" for joint in joints):
        return None
    limit = found[0]["limit"]
    if not all(match["count"] or match["per"] or match["limit"] or limit for match in found):
        return None
    options = tuple(
        DoseOption(
            amount=Decimal(match["amount"].replace(",", "")),
            unit=unit_name(match["unit"]),
            interval_days=_days(match["count"], match["period"]) if match["count"] else None,
        )
        for match in found
    )
    return (found[0].start(), found[-1].end()), DoseRule(options=options, steps=steps)


def _days(number: str, period: str) -> int:
    return count(number) * (7 if period.startswith("w") else 1)


def _documents(text: str) -> Iterator[Found]:
    names = {name: row.document for row in load_terms().documents for name in (row.document, *row.names)}
    document = rf"{_COPY}{one_of(names)}"
    asked = r"(?:(?:please )?(?:submit|include|attach|provide|send) )?"
    for match in re.finditer(
        rf"{asked}{document}(?:(?:, and |, | and ){document})*(?: (?:must be )?(?:submitted|included|attached))?", text
    ):
        found = tuple(dict.fromkeys(names[name] for name in re.findall(one_of(names), match[0])))
        yield match.span(), DocumentRule(documents=found)


@cache
def _place_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in load_terms().places:
        for name in row.names:
            found.setdefault(name.lower(), []).append(row.place)
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _places() -> re.Pattern[str]:
    place = rf"(?:an? |the )?{one_of(_place_names())}"
    return re.compile(rf"{_GIVEN_IN}{place}(?:(?:, or |, | or ){place})*")
