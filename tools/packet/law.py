"""The law in letters: which authority a letter may cite, as evidence like any other, and where it says so.

A letter names law, manuals and coverage rules only so: as evidence made from the authorities table, for a payer and a
day for which it holds, or in words that stand in the record it cites. `stray_law` finds whatever else looks like law.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.authorities import Authority, load_authorities
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterKind, Paragraph
from knowledge.types.practice import Frozen, LineOfBusiness
from tools.packet.normalising import collapsed, normalise

LAW = Path(__file__).parent / "law.yaml"

# What looks like a citation of law, of a manual or of a coverage rule, whoever wrote it.
_LOOKS_LIKE_LAW = re.compile(
    r"\b\d+\s*(?:CFR|C\.F\.R\.|USC|U\.S\.C\.)(?:\s*(?:§+|part|section|sec\.)?\s*[\d.]+[a-z]?(?:-\d+)?(?:\([A-Za-z0-9]+\))*)?"
    r"|\b(?:NCD|LCD|LCA)\s*#?\s*[A-Z]?\d[\d.]*|\b(?:national|local) coverage determination\b[^.;,]{0,20}"
    r"|\b(?:Social Security|Public Health Service|Affordable Care|No Surprises|Employee Retirement[\w ]*) Act\b"
    r"(?:,?\s*(?:section|sec\.|§)\s*\d+(?:\([A-Za-z0-9]+\))*)?"
    r"|\b(?:SSA|PHS Act|ERISA|ACA)\s+(?:section\s+|§\s*)?\d+(?:\([A-Za-z0-9]+\))*"
    r"|\bMedicare (?:Benefit Policy|Claims Processing|Program Integrity|Managed Care|National Coverage[\w ]*) Manual\b"
    r"(?:,?\s*chapter\s*\d+)?(?:,?\s*section\s*[\d.]+\d)?"
    r"|\bPub\.?\s*100-\d+\b|(?<![\w-])100-0\d(?![\w-])|\bCMS-\d{4}-[A-Z]+\d?\b|\b\d+\s+(?:FR|Fed\. Reg\.)\s+\d+"
    r"|§+\s*\d[\w.()-]*",
    re.IGNORECASE,
)


class LawSentence(Frozen):
    """One sentence that cites authorities; `causes` empty = letters of every cause."""

    cite: tuple[str, ...]
    kinds: tuple[LetterKind, ...]
    causes: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    place: Literal["argument", "request"]
    say: str


@cache
def law_sentences() -> tuple[LawSentence, ...]:
    """Load the sentences; ValueError names an authority that the table does not let a letter cite."""
    entries: list[dict[str, Any]] = yaml.safe_load(LAW.read_text("utf-8"))
    found = tuple(LawSentence.model_validate(entry) for entry in entries)
    citable = {one.id for one in load_authorities() if one.citable}
    stray = sorted({id_ for one in found for id_ in one.cite} - citable)
    if stray:
        raise ValueError(f"{LAW.name}: {', '.join(stray)} may not be cited by knowledge/authorities")
    return found


def slot_of(authority_id: str) -> str:
    """Return the slot that an authority's citation fills ("cfr-405-942" -> "cfr_405_942")."""
    return authority_id.replace("-", "_")


def authority_evidence(
    cause: str, line_of_business: LineOfBusiness, served: date | None, determined: date | None
) -> tuple[Evidence, ...]:
    """Return, as evidence, the authorities that letters for this cause may cite: those in force for this payer then.

    `served` is the day of service, `determined` that of the remittance; an unknown day admits nothing that turns on it.
    """
    wanted = {id_ for one in law_sentences() if not one.causes or cause in one.causes for id_ in one.cite}
    holding = (one for one in load_authorities() if one.id in wanted)
    holding = (one for one in holding if one.holds(line_of_business, served, determined))
    return tuple(_evidence(number, one) for number, one in enumerate(holding, start=1))


def _evidence(number: int, authority: Authority) -> Evidence:
    return Evidence(
        id=f"LAW{number}",
        kind="authority",
        source=f"authorities table {authority.id}, {authority.source}, checked {authority.checked_on}",
        says=authority.says,
        values={slot_of(authority.id): authority.citation},
        exhibit="authority",
    )


def authority_of(item: Evidence) -> Authority | None:
    """Return the table's entry that a piece of evidence was made from; None for any other evidence."""
    if item.kind != "authority":
        return None
    return next((one for one in load_authorities() if slot_of(one.id) in item.values), None)


def with_law(
    paragraphs: Sequence[Paragraph], argument: Sequence[Paragraph], request: Sequence[Paragraph]
) -> tuple[Paragraph, ...]:
    """Put what is said of the law into its sections: `argument` closes the last but one, `request` opens the last."""
    headings = list(dict.fromkeys(one.heading for one in paragraphs))
    if not headings:
        return tuple(paragraphs)
    last = next(at for at, one in enumerate(paragraphs) if one.heading == headings[-1])
    before = paragraphs[last - 1].heading if last else headings[-1]
    argued = (one.model_copy(update={"heading": before}) for one in argument)
    asked = (one.model_copy(update={"heading": headings[-1]}) for one in request)
    return (*paragraphs[:last], *argued, *asked, *paragraphs[last:])


def unconfirmed(cited: Iterable[Evidence]) -> tuple[str, ...]:
    """Return a sentence for each cited authority whose text nobody read for the table: a person confirms it."""
    found = dict.fromkeys(one for item in cited if (one := authority_of(item)) is not None)
    return tuple(
        f"The letter cites {one.citation}, which the authorities table holds from {one.confidence} sources "
        f"({one.source}, {one.checked_on}): confirm it before the letter goes."
        for one in found
        if one.confidence != "primary"
    )


def stray_law(text: str, cited: Sequence[Evidence]) -> Iterator[str]:
    """Yield every citation of law in `text` that neither a cited authority nor the words of cited evidence carry."""
    plain = collapsed(normalise(text))
    known = [_key(word) for item in cited if (one := authority_of(item)) for word in one.spellings()]
    records = [_key(f"{item.says} {item.quote or ''}") for item in cited if item.kind != "authority"]
    for match in _LOOKS_LIKE_LAW.finditer(plain):
        said = _key(match[0])
        if said and not any(_part(said, one) for one in known) and not any(_part(said, one) for one in records):
            yield match[0].strip(" .,")


def _key(text: str) -> str:
    return re.sub(r"[\s,]+", " ", normalise(text).casefold()).strip(" .")


def _part(said: str, known: str) -> bool:
    """Tell whether a citation stands in known words to its own end: 422.13 is no part of 422.138."""
    return re.search(rf"(?<!\w){re.escape(said)}(?![\w(]|\.\d)", known) is not None
