"""Facts about who treated the patient that day, from authors and words of the day's documents."""

import re
from dataclasses import dataclass

from agent.diagnosis import sources
from agent.diagnosis.authorization_row import linked_row
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from knowledge.types.practice import Provider
from tools.chart.sentences import sentences

GET_NOTE = ("the note of the day of service",)

_TITLES = frozenset({"md", "do", "np", "pa", "pa-c", "rn", "phd", "dr", "aprn", "mbbs", "cnp"})

PRESENT = re.compile(
    r"\b(?:on[- ]site|supervis\w+|saw|seen by|examined|evaluated|treated|ordered|set the plan|was present"
    r"|in (?:the|our) (?:suite|office|clinic|room|building)|at (?:the )?(?:chair|bedside)|immediately available"
    r"|incident[- ]to)\b",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"\b(?:away|on (?:leave|vacation|holiday)|out of (?:the )?office|off (?:that day|today|this week)"
    r"|not (?:on[- ]site|present|in the \w+|here|involved)|(?:did|does|could) not|has not|never|another room"
    r"|covering elsewhere|(?:at|in) (?:the |our )?(?:\w+ ){1,2}(?:site|location|campus)|elsewhere"
    r"|another (?:site|office))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Treating:
    """What one document says of a provider on the day: `there` or not, its words, and whether the provider wrote it."""

    document: Document
    there: bool
    quote: str = ""


def same_person(one: str, other: str) -> bool:
    """Tell whether two printed names are one person: the same words, titles aside."""
    first, second = (frozenset(w.strip(",.").casefold() for w in name.split()) - _TITLES for name in (one, other))
    return bool(first) and first == second


def said_of(q: Inquiry, provider: Provider) -> tuple[Treating, ...]:
    """Return what the day's documents say of a provider: those written by them, and sentences that name them."""
    found: list[Treating] = []
    last = [word.strip(",.") for word in provider.name.split() if word.strip(",.").casefold() not in _TITLES][-1:]
    named = re.compile(rf"\b{re.escape(last[0])}\b") if last else None
    for document in q.case.chart.documents if q.case.chart else ():
        if document.day != q.service_date:
            continue
        if any(same_person(provider.name, author) for author in document.authors):
            found.append(Treating(document, there=True))
        for sentence in sentences(document.text) if named else ():
            if named is None or not named.search(sentence.text) or "signed" in sentence.text.casefold():
                continue
            clause = _clause_about(sentence.text, named)
            if ABSENT.search(clause):
                found.append(Treating(document, there=False, quote=sentence.text))
            elif PRESENT.search(clause):
                found.append(Treating(document, there=True, quote=sentence.text))
    return tuple(found)


def _clause_about(sentence: str, named: re.Pattern[str]) -> str:
    """Return what a sentence says of the one named: what stands in brackets is said apart from the rest."""
    inside = next((part for part in re.findall(r"\(([^)]*)\)", sentence) if named.search(part)), "")
    return inside or re.sub(r"\([^)]*\)", " ", sentence)


def _evidence(q: Inquiry, found: Treating, name: str) -> tuple[str, str]:
    words = found.quote or f"by {name}"
    says = f"{found.document.kind} of {day(q.service_date)}: {words}"
    return says, sources.chart(q, found.document.resource, says, quote=found.quote or None)


def _rendering(q: Inquiry) -> str:
    claim = q.case.claim
    named = {**dict(claim.providers if claim else ()), **dict(q.subject.providers if q.subject else ())}
    return named.get("82", "")


@check
def authorized_provider_treated(q: Inquiry) -> Fact:
    """Whether the day's documents show the authorized provider treating, and not the billed one."""
    row = linked_row(q)
    if row is None or q.case.chart is None or q.case.claim is None or not row.servicing_npi:
        return unknown("Who treated the patient that day is not charted", missing=GET_NOTE)
    roster = {provider.npi: provider for provider in q.case.practice.providers}
    authorized, billed = roster.get(row.servicing_npi), roster.get(_rendering(q))
    there = [item for item in (said_of(q, authorized) if authorized else ()) if item.there]
    other = [item for item in (said_of(q, billed) if billed else ()) if item.there]
    if there and not other and authorized is not None:
        says, evidence = _evidence(q, there[0], authorized.name)
        return yes(says, evidence)
    if other and billed is not None:
        says, evidence = _evidence(q, other[0], billed.name)
        return no(says, evidence)
    return unknown("No document of the day names who treated", missing=GET_NOTE)


@check
def enrolled_provider_treated(q: Inquiry) -> Fact:
    """Whether the day's documents show one other provider treating or supervising, who is enrolled with the payer.

    Whether the rules for services incident to a physician's allow billing under that provider (MBPM 15, 60) stays a
    person's decision.
    """
    payer, billed = q.case.payer, _rendering(q)
    if payer is None or q.case.chart is None or not billed:
        return unknown("Who treated the patient that day is not charted", missing=GET_NOTE)
    there: dict[str, tuple[Provider, Treating]] = {}
    for provider in q.case.practice.providers:
        enrolled = provider.payers_enrolled is None or payer.id in provider.payers_enrolled
        if provider.npi == billed or not enrolled or provider.role == "ordering":
            continue
        said = said_of(q, provider)
        if said and all(item.there for item in said):
            there[provider.npi] = (provider, said[0])
    if len(there) != 1:
        return unknown("No document of the day shows one enrolled provider treating", missing=GET_NOTE)
    ((provider, found),) = there.values()
    says, evidence = _evidence(q, found, provider.name)
    return yes(says, evidence, treating=f"{provider.name} (NPI {provider.npi})")
