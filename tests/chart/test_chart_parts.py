"""Markers a report tells in parts: mismatch repair proteins one by one, HER2 by its counted signals."""

from datetime import date
from functools import cache

import pytest

from knowledge.codes.tables import load_codes
from knowledge.types.chart import Chart, Document, Person
from tools.chart.facts import Vocabulary, read_clinical, vocabulary

DAY = date(2026, 3, 1)


@cache
def words() -> Vocabulary:
    return vocabulary(load_codes().hcpcs, DAY)


def polarities(text: str, name: str) -> set[str]:
    note = Document(resource="DocumentReference/d1", kind="Pathology report", day=DAY, text=text)
    chart = Chart(file="c.json", person=Person(resource="Patient/p1"), documents=(note,))
    return {fact.polarity for fact in read_clinical(chart, words()).facts if fact.name == name}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Loss of MLH1 and PMS2, MSH2 and MSH6 kept.", {"positive"}),
        ("Mismatch repair by immunohistochemistry: loss of MLH1 and\nPMS2, MSH2 and MSH6 kept.", {"positive"}),
        ("MLH1 and PMS2: absent nuclear staining. MSH2, MSH6: intact.", {"positive"}),
        ("MSH6 lost, the other three proteins retained.", {"positive"}),
        ("MLH1: retained\nPMS2: retained\nMSH2: lost\nMSH6: lost", {"positive"}),
        ("Intact nuclear expression of MLH1, PMS2, MSH2 and MSH6.", {"negative"}),
        ("MLH1 intact, PMS2 intact, MSH2 intact, MSH6 intact.", {"negative"}),
        ("No loss of nuclear expression of mismatch repair proteins.", {"negative"}),
        ("No loss of MLH1, PMS2, MSH2 or MSH6.", {"negative"}),
        ("MLH1 intact, PMS2 intact.", set()),
        ("MLH1 promoter methylation present.", set()),
        ("Germline MSH2 mutation: negative.", set()),
        ("MLH1 patchy, likely fixation; repeat.", set()),
        ("Loss of MLH1 would suggest methylation testing.", set()),
        ("Mother's tumor showed loss of MSH2.", set()),
        ("MLH1, PMS2, MSH2, MSH6 ordered, result pending.", set()),
        ("If MLH1 is lost, reflex to methylation.", set()),
    ],
)
def test_repair_proteins_make_one_result(text: str, said: set[str]) -> None:
    assert polarities(text, "MMR") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HER2 dual ISH: ratio 1.3, copy number 3.1.", {"negative"}),
        ("HER2 (4B5): score 2+, equivocal.\nHER2 dual ISH: ratio 1.3. Not amplified.", {"equivocal", "negative"}),
        ("FISH: HER2/CEP17 ratio 3.4, average HER2 copy number 7.9", {"positive"}),
        ("HER2/CEP17 ratio: 5.2; HER2 signals per cell: 11.0. Amplified.", {"positive"}),
        ("HER2 FISH ratio 2.3, HER2 copy number 3.4.", set()),
        ("HER2 FISH ratio 1.6, HER2 copy number 6.5.", set()),
        ("HER2 FISH ratio 1.8.", set()),
        ("HER2 IHC 2+. Amplified.", {"equivocal", "positive"}),
        ("HER2 is called amplified at a ratio of 2.0 and a copy number of 4.0 or more.", set()),
    ],
)
def test_her2_is_told_by_its_signals(text: str, said: set[str]) -> None:
    assert polarities(text, "HER2") == said
