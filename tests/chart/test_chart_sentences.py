"""A corpus of sentences: what must be read of each, and what must not."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.codes.tables import load_codes
from knowledge.types.chart import Chart, Document, Person
from tools.chart.facts import Vocabulary, clinical_facts, vocabulary

DAY = date(2026, 3, 1)
CORPUS: dict[str, list[tuple[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8")
)
CASES = [(topic, text, expected) for topic, rows in CORPUS.items() for text, expected in rows]
FACT = re.compile(r"(?P<name>.+?) (?P<polarity>positive|negative|equivocal|unstated)(?: (?P<slots>.*))?")


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(load_codes().hcpcs, DAY)


def chart_of(text: str) -> Chart:
    note = Document(resource="DocumentReference/d1", kind="Progress note", day=DAY, text=text)
    return Chart(file="c.json", person=Person(resource="Patient/p1"), documents=(note,))


def test_corpus_holds_at_least_150_sentences_of_which_a_third_say_nothing() -> None:
    silent = [text for _, text, expected in CASES if not expected]
    assert len(CASES) >= 150
    assert len(silent) >= len(CASES) / 3


@pytest.mark.parametrize(("topic", "text", "expected"), CASES, ids=[text for _, text, _ in CASES])
def test_sentence_gives_exactly_the_facts_it_states(topic: str, text: str, expected: str, words: Vocabulary) -> None:
    facts = [fact for fact in clinical_facts(chart_of(text), words) if fact.topic == topic]
    wanted = [match for part in expected.split(" | ") if (match := FACT.fullmatch(part)) is not None]
    assert len(wanted) == len(expected.split(" | ") if expected else [])
    assert sorted((f.name, f.polarity) for f in facts) == sorted((m["name"], m["polarity"]) for m in wanted)
    for match in wanted:
        fact = next(fact for fact in facts if fact.name == match["name"])
        slots = dict(slot.split("=", 1) for slot in (match["slots"] or "").split("; ") if slot)
        assert {name: fact.values.get(name) for name in slots} == slots
        assert text[fact.start : fact.end] == fact.quote
