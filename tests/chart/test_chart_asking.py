"""Questions to clinical facts: precedence, contradiction, correction, and what was known by a day."""

from datetime import date

import pytest

from knowledge.codes.tables import load_codes
from knowledge.types.chart import Chart, Document, Person
from tools.chart.facts import Vocabulary, best, biomarker, clinical_facts, prior_lines, vocabulary
from tools.chart.facts.partial_dates import earliest, latest, partial, period

SERVED = date(2026, 3, 16)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(load_codes().hcpcs, SERVED)


def chart(*notes: tuple[str, str, date]) -> Chart:
    documents = tuple(
        Document(resource=f"DocumentReference/d{n}", kind=kind, day=day, text=text)
        for n, (kind, text, day) in enumerate(notes, start=1)
    )
    return Chart(file="c.json", person=Person(resource="Patient/p1"), documents=documents)


PATHOLOGY, NOTE = "Pathology report", "Progress note"


def test_pathology_outranks_a_later_note_that_says_otherwise(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((PATHOLOGY, "HER2 1+.", date(2025, 5, 1)), (NOTE, "HER2 positive.", date(2026, 2, 1))), words
    )
    answer = biomarker(facts, "HER2", SERVED)
    assert (answer.state, answer.fact and answer.fact.polarity) == ("stated", "negative")
    assert [fact.quote for fact in answer.outranked] == ["HER2 positive."]


def test_two_reports_that_disagree_are_contradictory_and_not_settled(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((PATHOLOGY, "ER 80%.", date(2025, 5, 1)), (PATHOLOGY, "ER negative.", date(2026, 2, 1))), words
    )
    answer = biomarker(facts, "ER", SERVED)
    assert (answer.state, answer.fact, len(answer.contradicting)) == ("contradictory", None, 2)
    assert answer.latest is not None
    assert answer.latest.quote == "ER negative."


def test_her2_zero_and_her2_low_contradict_each_other_though_both_are_negative(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((PATHOLOGY, "HER2 0.", date(2025, 5, 1)), (PATHOLOGY, "HER2-low disease.", date(2025, 6, 1))), words
    )
    assert biomarker(facts, "HER2", SERVED).state == "contradictory"


def test_reflex_hybridisation_settles_an_equivocal_score(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((PATHOLOGY, "HER2 IHC 2+.", date(2025, 5, 1)), (PATHOLOGY, "HER2 FISH amplified.", date(2025, 5, 9))),
        words,
    )
    answer = biomarker(facts, "HER2", SERVED)
    assert answer.fact is not None
    assert (answer.state, answer.fact.polarity) == ("stated", "positive")


def test_an_addendum_that_corrects_replaces_the_earlier_result(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart(
            (PATHOLOGY, "HER2 1+.", date(2025, 5, 1)),
            (PATHOLOGY, "Addendum: HER2, previously reported as 1+, is corrected to 3+.", date(2025, 5, 20)),
        ),
        words,
    )
    answer = biomarker(facts, "HER2", SERVED)
    assert answer.fact is not None
    assert (answer.fact.values["ihc"], answer.contradicting) == ("3+", ())


def test_a_report_made_after_the_day_does_not_count(words: Vocabulary) -> None:
    facts = clinical_facts(chart((PATHOLOGY, "PD-L1 CPS 20.", date(2026, 3, 20))), words)
    assert biomarker(facts, "PD-L1", SERVED).state == "none"
    assert biomarker(facts, "PD-L1", date(2026, 3, 20)).state == "stated"


def test_scores_of_two_scales_do_not_contradict(words: Vocabulary) -> None:
    facts = clinical_facts(chart((PATHOLOGY, "PD-L1 TPS 0%. PD-L1 CPS 20.", date(2025, 5, 1))), words)
    assert biomarker(facts, "PD-L1", SERVED).state == "stated"


def test_two_variants_of_one_gene_contradict(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((PATHOLOGY, "KRAS G12C.", date(2025, 5, 1)), (PATHOLOGY, "KRAS G12V.", date(2025, 6, 1))), words
    )
    assert biomarker(facts, "KRAS", SERVED).state == "contradictory"


def test_a_weight_of_another_day_is_no_contradiction_and_the_newest_answers(words: Vocabulary) -> None:
    facts = clinical_facts(
        chart((NOTE, "Weight 70 kg.", date(2026, 1, 1)), (NOTE, "Weight 75 kg.", date(2026, 2, 1))), words
    )
    answer = best(facts)
    assert answer.fact is not None
    assert answer.fact.values["value"] == "75"


def test_nothing_known_is_none_and_not_negative(words: Vocabulary) -> None:
    assert biomarker(clinical_facts(chart((NOTE, "HER2 pending.", SERVED)), words), "HER2", SERVED).state == "none"


def test_prior_lines_are_given_oldest_first_and_only_from_before_the_day(words: Vocabulary) -> None:
    text = (
        "FOLFIRI 01/2025 to 09/2025 with progression. First line FOLFOX 02/2024 to 10/2024, progression. "
        "Never received bevacizumab. Started on ramucirumab on 03/16/2026."
    )
    facts = clinical_facts(chart((NOTE, text, date(2026, 3, 20))), words)
    assert [fact.name for fact in prior_lines(facts, before=SERVED)] == ["FOLFOX", "FOLFIRI"]
    assert [fact.name for fact in prior_lines(facts, drug="Oxaliplatin")] == ["FOLFOX"]
    assert prior_lines(facts, drug="bevacizumab") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 03/2025 to 08/2025", ("2025-03", "2025-08", "")),
        ("June to November 2025", ("2025-06", "2025-11", "")),
        ("2021-06-01 - 2024-02-10", ("2021-06-01", "2024-02-10", "")),
        ("2023-2024", ("2023", "2024", "")),
        ("since March 2025", ("2025-03", "", "")),
        ("completed 12 May 2025", ("", "2025-05-12", "")),
        ("in 2024", ("", "", "2024")),
        ("02/30/2025", ("", "", "")),
        ("on 03/04", ("", "", "")),
        ("08/2025 to 03/2025", ("", "", "")),
        ("400 mg 2 units", ("", "", "")),
    ],
)
def test_period_is_read_as_far_as_it_is_written(text: str, expected: tuple[str, str, str]) -> None:
    assert tuple(period(text)) == expected


def test_partial_date_spans_its_month_and_year() -> None:
    assert (earliest("2024-02"), latest("2024-02")) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (earliest("2024"), latest("2024-12")) == (date(2024, 1, 1), date(2024, 12, 31))
    assert partial("13/45/2025") is None
