"""All clinical facts of a chart: its texts sentence by sentence, and its records field by field."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from knowledge.types.chart import Chart, ClinicalFact, Topic, UnreadMention
from tools.chart.facts.biomarkers import read_biomarkers
from tools.chart.facts.events import READERS, has_nct, read_infusion_times
from tools.chart.facts.her2_result import hybridisation
from tools.chart.facts.her2_signals import counted, told_alone
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.measurements import read_measurements
from tools.chart.facts.passages import LONGEST_SENTENCE, Passage, cut, passages, rank_of, unreadable
from tools.chart.facts.recorded import recorded
from tools.chart.facts.repair_proteins import RepairProteins
from tools.chart.facts.staging import (
    read_histology,
    read_intent,
    read_metastasis,
    read_performance,
    read_stage,
    read_tnm,
)
from tools.chart.facts.treatments import read_treatments
from tools.chart.facts.vocabulary import Vocabulary
from tools.chart.sentences import Sentence


class ClinicalReading(NamedTuple):
    """What was read of a chart, and what was named in it without a sure fact."""

    facts: tuple[ClinicalFact, ...]
    unread: tuple[UnreadMention, ...]


_IN_PARTS = ("HER2", "MMR")
"""Markers whose result is told in parts: proteins, counts, a word of its own."""
_NO_RESULT = "no sure result"

_BY_TRIGGER: dict[str, Callable[[Line], Iterator[Reading]]] = {
    **READERS,
    "stage": read_stage,
    "performance": read_performance,
    "metastasis": read_metastasis,
    "intent": read_intent,
}


def read_clinical(chart: Chart, words: Vocabulary) -> ClinicalReading:
    """Read every clinical fact of a chart; never raises on any content.

    Order: documents, reports, problem list, then observations, statements and administrations, each as charted.
    """
    facts: list[ClinicalFact] = []
    unread: list[UnreadMention] = []
    for passage in passages(chart):
        _read_passage(passage, words, facts, unread)
    for fact_or_mention in recorded(chart, words):
        if isinstance(fact_or_mention, ClinicalFact):
            facts.append(fact_or_mention)
        else:
            unread.append(fact_or_mention)
    for document in unreadable(chart):
        topic: Topic = "biomarker" if rank_of(document.kind or document.title)[0] == 1 else "treatment"
        why = f"{document.kind or 'the document'} has no text that can be read ({document.media_type})"
        unread.append(
            UnreadMention(
                resource=document.resource, topic=topic, name="", quote="", start=0, end=0, day=document.day, why=why
            )
        )
    return ClinicalReading(tuple(facts), tuple(unread))


def clinical_facts(chart: Chart, words: Vocabulary) -> tuple[ClinicalFact, ...]:
    """Read the clinical facts of a chart; see `read_clinical` for what was left unread as well."""
    return read_clinical(chart, words).facts


def read_line(line: Line) -> Iterator[Reading]:
    """Give every reading of one sentence."""
    if line.mentions:
        yield from _of_names(line)
    elif has_nct(line.text):
        yield from _BY_TRIGGER["trial"](line)
    yield from read_tnm(line)
    yield from read_infusion_times(line)


def _of_names(line: Line) -> Iterator[Reading]:
    kinds = {mention.entry.kind for mention in line.mentions}
    if "marker" in kinds:
        yield from read_biomarkers(line)
    if "drug" in kinds or "regimen" in kinds:
        yield from read_treatments(line)
    if "histology" in kinds:
        yield from read_histology(line, [mention for mention in line.mentions if mention.entry.kind == "histology"])
    if "measurement" in kinds:
        yield from read_measurements(line)
    called = [mention.entry.name for mention in line.mentions if mention.entry.kind == "trigger"]
    if "trial" not in called and has_nct(line.text):
        called.append("trial")
    for name in dict.fromkeys(called):
        yield from _BY_TRIGGER[name](line)


def _read_passage(passage: Passage, words: Vocabulary, facts: list[ClinicalFact], unread: list[UnreadMention]) -> None:
    mentions = words.lexicon.find(passage.text)
    at = 0
    of_her2 = False
    proteins, first = RepairProteins(), len(unread)
    for sentence, of_family in cut(passage.text):
        while at < len(mentions) and mentions[at].start < sentence.start:
            at += 1
        inside = []
        while at < len(mentions) and mentions[at].end <= sentence.end:
            mention = mentions[at]
            inside.append(mention._replace(start=mention.start - sentence.start, end=mention.end - sentence.start))
            at += 1
        if len(sentence.text) > LONGEST_SENTENCE:
            continue
        line = Line(sentence.text, tuple(inside), passage.day, of_family)
        of_her2 = _is_of_her2(line, of_her2)
        readings = [*read_line(line), *(_signals(line) if of_her2 else ())]
        repair = proteins.read(line)
        if repair is not None and not any(isinstance(item, Found) and item.name == "MMR" for item in readings):
            readings.append(repair)
        for reading in _without_missed(readings):
            _keep(reading, passage, sentence, facts, unread)
        if of_her2 and told_alone(line) is not None:
            _drop(unread, "HER2", first)  # the sentence before told the counts, this one what they mean
        if repair is not None:
            _drop(unread, "MMR", first)


def _signals(line: Line) -> Iterator[Reading]:
    """Give what a sentence says of a hybridisation for HER2: in words, by its counts, or in one word."""
    hybrid = hybridisation(line) if not _markers(line) else None
    found = next((item for item in (hybrid, counted(line), told_alone(line)) if item is not None), None)
    if found is not None:
        yield found


def _without_missed(readings: list[Reading]) -> list[Reading]:
    """Leave out what a sentence does not say of a marker where it says it in another way."""
    known = {item.name for item in readings if isinstance(item, Found) and item.topic == "biomarker"}
    return [
        item
        for item in readings
        if not (
            isinstance(item, Missed) and item.topic == "biomarker" and item.name in known and item.name in _IN_PARTS
        )
    ]


def _drop(unread: list[UnreadMention], name: str, first: int) -> None:
    """Forget the unread mentions of a marker in this passage: what follows them reads it."""
    kept = [
        item
        for item in unread[first:]
        if not (item.topic == "biomarker" and item.name == name and item.why == _NO_RESULT)
    ]
    unread[first:] = kept


def _markers(line: Line) -> list[str]:
    return [mention.entry.name for mention in line.mentions if mention.entry.kind == "marker"]


def _is_of_her2(line: Line, before: bool) -> bool:
    """Tell whether a hybridisation named without its marker is that of HER2: HER2 was the last marker named."""
    named = _markers(line)
    return named[-1] == "HER2" if named else before


def _keep(
    reading: Reading, passage: Passage, sentence: Sentence, facts: list[ClinicalFact], unread: list[UnreadMention]
) -> None:
    if isinstance(reading, Missed) or passage.unsure:
        why = reading.why if isinstance(reading, Missed) else passage.unsure
        unread.append(
            UnreadMention(
                resource=passage.resource,
                topic=reading.topic,
                name=reading.name,
                quote=sentence.text,
                field=passage.field,
                start=sentence.start,
                end=sentence.end,
                day=passage.day,
                why=why,
            )
        )
        return
    facts.append(fact_of(reading, passage, sentence))


def fact_of(found: Found, passage: Passage, sentence: Sentence) -> ClinicalFact:
    """Make a fact of what a sentence of a passage states."""
    day: date | None = found.day or passage.day
    return ClinicalFact(
        resource=passage.resource,
        topic=found.topic,
        name=found.name,
        values=found.values,
        polarity=found.polarity,
        day=day,
        quote=sentence.text,
        field=passage.field,
        start=sentence.start,
        end=sentence.end,
        rank=passage.rank,
        source=passage.source,
    )
