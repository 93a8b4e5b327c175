"""Compendium entries in a chart: a page, a pharmacist's reply, a sentence of a note; for this drug and this disease.

Medicare takes as support NCCN category 1 or 2A, DrugDex class I, IIa or IIb, and a supportive narrative of AHFS-DI or
Clinical Pharmacology (MBPM ch. 15, 50.4.5); plans mostly say the same.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from knowledge.policies.terms import load_terms
from knowledge.types.chart import Document
from knowledge.types.criteria import Answer, CompendiumRule
from tools.chart.facts.passages import cut
from tools.chart.facts.scope import spoiler
from tools.policy.facts import CaseFacts, generics
from tools.policy.reading_compendium import LEVEL, compendium_names, levels_of
from tools.policy.reading_patient import diseases_named
from tools.policy.wording import normalise, one_of

SUPPORTS = frozenset({"1", "2A", "I", "IIa", "IIb", "A", "supportive"})
_LONGEST = 300
"""Characters of an entry that are quoted together, from its disease to its level."""
_PAPER = re.compile(r"compendi|drug information|nccn|drugdex|micromedex|off-label|formulary", re.IGNORECASE)
_PAYER = re.compile(r"policy|denial|determination|remit|appeal|payer|letter from", re.IGNORECASE)
_SCALES = {"1": "NCCN", "2A": "NCCN", "2B": "NCCN", "3": "NCCN"} | dict.fromkeys(
    ("I", "II", "IIa", "IIb", "III"), "DrugDex"
)
_NAB = re.compile(r"\bpaclitaxel,? (?:\(?albumin|protein)[- ]bound\)?|\balbumin[- ]bound paclitaxel|\bnab-?paclitaxel")
_SUFFIX = re.compile(r"-[a-z]{4}$")
_PLURAL = re.compile(r"\b(cancer|carcinoma|lymphoma|leukemia|tumor|tumour|sarcoma|melanoma)s\b")
_COMMON = frozenset(
    "carcinoma adenocarcinoma malignant neoplasm metastatic recurrent secondary primary advanced unspecified quadrant "
    "overlapping multiple bilateral disease relapsed refractory involvement following treatment lymphoma leukemia "
    "squamous".split()
)


class Listing(NamedTuple):
    """What one compendium says of the drug in the patient's disease; `level` "none" = it has no entry."""

    compendium: str
    level: str
    quote: str
    resource: str
    day: date | None
    where: str


def judge_compendium(rule: CompendiumRule, facts: CaseFacts) -> Answer:
    """Compare the entries on file with the levels asked for; refuted only where every compendium named is looked up."""
    asked = f"{' or '.join(rule.compendia) or 'a compendium'} in {', '.join(rule.levels)}"
    found = [item for item in listings(facts) if not rule.compendia or item.compendium in rule.compendia]
    for item in reversed(found):
        if item.level in rule.levels:
            return _answer("met", item, asked)
    looked_up = {item.compendium for item in found}
    scaled = [item for item in found if item.level != "none"]
    whole = set(rule.compendia) <= looked_up if rule.compendia else bool(scaled)
    if found and whole:
        return _answer("not_met", (scaled or found)[-1], asked)
    return Answer(outcome="not_determinable", says=f"{asked}: no entry for this drug and disease is on file")


def _answer(outcome: str, item: Listing, asked: str) -> Answer:
    says = f'{asked}: "{" ".join(item.quote.split())}" ({item.where})'
    return Answer.model_validate(
        {"outcome": outcome, "says": says, "quote": item.quote, "source": item.resource, "day": item.day}
    )


def listings(facts: CaseFacts) -> list[Listing]:
    """Read the entries of every document made by the service, oldest first."""
    return [item for document in facts.documents() for item in _of(document, facts)]


def _of(document: Document, facts: CaseFacts) -> Iterator[Listing]:
    kind = f"{document.kind} {document.title}"
    paper = _PAPER.search(kind) is not None
    if _PAYER.search(kind) and not paper:
        return
    own = facts.drug_names() | {name.lower() for name in facts.drug.names}
    own |= {_SUFFIX.sub("", name) for name in own}  # a compendium lists a biosimilar under its reference product
    about: bool | None = None
    began: int | None = None
    drugs = _drugs(kind, own)
    for sentence, of_family in cut(document.text):
        told = speaks_of_disease(sentence.text, facts)
        about = about if told is None else told
        named = _drugs(sentence.text, own)
        # A partner ("with gemcitabine") leaves the entry with its own drug; a drug that heads a line begins another.
        drugs = named if named & own or not drugs or _drugs(sentence.text.split(" ")[0], own) else drugs
        if of_family or not drugs & own or about is False or (paper and about is None):
            continue
        began = sentence.start if began is None or told or sentence.start - began > _LONGEST else began
        entry = document.text[began : sentence.end]
        for part, start in _parts(sentence.text):
            for item in _listed(document, sentence.text, part, start, paper):
                yield item if "\n\n" in entry else item._replace(quote=entry)


def _listed(document: Document, sentence: str, part: str, start: int, paper: bool) -> Iterator[Listing]:
    plain = part.lower()
    names = [compendium_names()[name] for name in re.findall(one_of(compendium_names()), plain)]
    match = LEVEL.search(part)
    if match is None or not (names or paper) or len(list(LEVEL.finditer(part))) > 1:
        return
    levels = levels_of(match)
    if len(levels) != 1 or spoiler(sentence, start + match.start(), start + match.end(), allow=("negated", "rule")):
        return
    level = levels[0]
    denied = re.search(r"\b(?:not|no longer|never)\W+(?:\w+\W+){0,3}$", part[: match.start()], re.IGNORECASE)
    if denied and level != "none":
        return
    for name in dict.fromkeys(names) or (_SCALES.get(level, ""),):
        if name and (_SCALES.get(level, name) == name):
            where = f"{document.kind} of {document.day}"
            yield Listing(name, level, sentence, document.resource, document.day, where)


def _parts(sentence: str) -> Iterator[tuple[str, int]]:
    """Cut at semicolons and stops: each part speaks of its own compendium."""
    at = 0
    for match in (*re.finditer(r";|\.(?=\s)", sentence), None):
        end = match.start() if match else len(sentence)
        yield sentence[at:end], at
        at = match.end() if match else end


def _drugs(text: str, own: frozenset[str]) -> frozenset[str]:
    plain = _NAB.sub("paclitaxel protein-bound", text.lower())
    return generics(plain) | {name for name in own if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain)}


def speaks_of_disease(text: str, facts: CaseFacts) -> bool | None:
    """Tell whether a text names the patient's disease; None when it names none that is known."""
    plain = _PLURAL.sub(r"\1", normalise(text))
    conditions = [item for item in facts.conditions() if re.match(r"[C-N](?!7[789])", item.icd10)]
    histologies = [item.name for item in facts.about("histology") if item.polarity == "positive" and item.rank == 1]
    own = {
        word
        for said in (*(item.text for item in conditions), *histologies)
        for word in re.findall(r"[a-z]{8,}", said.lower())
        if word not in _COMMON
    }
    if any(re.search(rf"\b{word}\b", plain) for word in own):
        return True
    named = diseases_named(plain)
    codes = [code.replace(".", "") for disease in named for code in disease.icd10] or _by_organ(plain)
    if not codes:
        return None
    return any(item.icd10.startswith(code) for item in conditions for code in codes)


def _by_organ(plain: str) -> list[str]:
    """Return the codes of an organ that stands for its cancer, as clinicians write ("third line metastatic breast")."""
    organs = load_terms().organs
    match = re.search(
        r"\b(?:metastatic|advanced|recurrent|refractory|stage (?:iv|iii)\w?|line) "
        rf"(?P<organ>{'|'.join(map(re.escape, organs))})"
        r"(?=\s*(?:[.,;:]|$|cancer))",
        plain,
    )
    return list(organs[match["organ"]].icd10) if match else []
