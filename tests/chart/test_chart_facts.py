"""Clinical facts of whole charts: which sources count, what stays unread, and that every quote can be found."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.codes.tables import load_codes
from knowledge.types.chart import (
    Amount,
    Chart,
    ClinicalFact,
    Condition,
    Document,
    DoseGiven,
    Observation,
    Person,
    PriorTreatment,
    Report,
)
from tools.chart.facts import Vocabulary, clinical_facts, mentions_unread, read_clinical, source_text, vocabulary

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(load_codes().hcpcs, DAY)


def chart(**parts: object) -> Chart:
    return Chart.model_validate({"file": "c.json", "person": Person(resource="Patient/p1"), **parts})


def document(text: str, kind: str = "Progress note", day: date = DAY, id: str = "d1", **fields: object) -> Document:
    return Document.model_validate(
        {"resource": f"DocumentReference/{id}", "kind": kind, "day": day, "text": text, **fields}
    )


def of(facts: tuple[ClinicalFact, ...], topic: str, name: str) -> list[ClinicalFact]:
    return [fact for fact in facts if (fact.topic, fact.name) == (topic, name)]


@pytest.mark.parametrize(
    ("kind", "rank"),
    [
        ("Pathology report", 1),
        ("Laboratory report", 1),
        ("Oncology consultation", 2),
        ("Infusion nursing note", 3),
        ("Research consent note", 3),
    ],
)
def test_rank_follows_the_kind_of_document(kind: str, rank: int, words: Vocabulary) -> None:
    facts = clinical_facts(chart(documents=(document("HER2 3+.", kind),)), words)
    assert [fact.rank for fact in of(facts, "biomarker", "HER2")] == [rank]


def test_problem_list_ranks_last_and_is_read_with_its_day(words: Vocabulary) -> None:
    condition = Condition(resource="Condition/c1", icd10="C50911", text="Breast cancer, HER2 negative", onset=DAY)
    fact = of(clinical_facts(chart(conditions=(condition,)), words), "biomarker", "HER2")[0]
    assert (fact.rank, fact.day, fact.field, fact.polarity) == (4, DAY, "text", "negative")


@pytest.mark.parametrize(
    "kind", ["Authorization approval letter", "Denial letter", "Payer policy", "Appeal letter", "Drug label extract"]
)
def test_papers_of_a_payer_or_of_literature_are_no_chart_evidence(kind: str, words: Vocabulary) -> None:
    reading = read_clinical(chart(documents=(document("HER2 3+. Progressed on FOLFOX.", kind),)), words)
    assert reading == ((), ())


@pytest.mark.parametrize("status", ["preliminary", "superseded"])
def test_preliminary_and_superseded_documents_give_no_fact_but_are_listed(status: str, words: Vocabulary) -> None:
    reading = read_clinical(chart(documents=(document("HER2 3+.", "Pathology report", status=status),)), words)
    assert reading.facts == ()
    assert [(m.name, m.why) for m in reading.unread] == [("HER2", f"the document is {status}")]


def test_family_history_section_ends_with_the_next_heading(words: Vocabulary) -> None:
    text = "Family history:\nBRCA2 mutation detected.\nBRAF mutated.\n\nAssessment:\nKRAS G12C mutation.\n"
    facts = clinical_facts(chart(documents=(document(text),)), words)
    assert {fact.name for fact in facts if fact.topic == "biomarker"} == {"KRAS"}


def test_a_result_wrapped_onto_the_next_line_is_read(words: Vocabulary) -> None:
    text = "Core biopsy of the left breast at two o'clock, grade 3 carcinoma, HER2\n3+ by IHC, ER negative.\n"
    facts = clinical_facts(chart(documents=(document(text),)), words)
    assert of(facts, "biomarker", "HER2")[0].values["ihc"] == "3+"


def test_short_lines_of_a_report_are_read_one_by_one(words: Vocabulary) -> None:
    text = "ER: 95%\nPR: 0%\nHER2: 1+\nKi-67: 30%\nKRAS\nNot performed\n"
    facts = clinical_facts(chart(documents=(document(text, "Pathology report"),)), words)
    assert {(f.name, f.polarity) for f in facts} == {
        ("ER", "positive"),
        ("PR", "negative"),
        ("HER2", "negative"),
        ("Ki-67", "unstated"),
    }


def test_a_scanned_pathology_report_is_a_reason_to_say_unknown(words: Vocabulary) -> None:
    scan = document("", "Pathology report", media_type="application/pdf", content=b"%PDF-1.7")
    unread = mentions_unread(chart(documents=(scan,)), words, "biomarker", "HER2")
    assert [mention.resource for mention in unread] == ["DocumentReference/d1"]


def test_pending_marker_is_unread_and_another_marker_is_not_listed(words: Vocabulary) -> None:
    pending = chart(documents=(document("HER2 pending. KRAS ordered."),))
    unread = mentions_unread(pending, words, "biomarker", "HER2")
    assert [(m.name, m.quote) for m in unread] == [("HER2", "HER2 pending.")]
    assert mentions_unread(pending, words, "treatment") == ()


def test_conclusion_of_a_report_is_read_with_its_field(words: Vocabulary) -> None:
    report = Report(
        resource="DiagnosticReport/r1", kind="Molecular pathology", day=DAY, conclusion="KRAS G12C detected."
    )
    fact = of(clinical_facts(chart(reports=(report,)), words), "biomarker", "KRAS")[0]
    assert (fact.field, fact.rank, fact.values["variant"]) == ("conclusion", 1, "G12C")


@pytest.mark.parametrize(
    ("label", "said", "name", "polarity", "slots"),
    [
        ("HER2 IHC", "3+", "HER2", "positive", {"ihc": "3+"}),
        ("HER2 (IHC)", "2+, ISH not amplified", "HER2", "negative", {"ish": "not amplified"}),
        ("PD-L1 TPS (22C3)", "70%", "PD-L1", "positive", {"score": "70", "scale": "TPS"}),
        ("PD-L1 CPS", "<1", "PD-L1", "negative", {"bound": "<"}),
        ("BRAF V600", "wild type", "BRAF", "negative", {}),
        ("MMR", "proficient", "MMR", "negative", {}),
        ("ER", "90%", "ER", "positive", {"percent": "90"}),
    ],
)
def test_observation_in_words_is_read_by_its_label(
    label: str, said: str, name: str, polarity: str, slots: dict[str, str], words: Vocabulary
) -> None:
    observation = Observation(resource="Observation/o1", text=label, words=said, day=DAY)
    facts = of(clinical_facts(chart(observations=(observation,)), words), "biomarker", name)
    assert [(f.polarity, f.quote, f.field) for f in facts] == [(polarity, said, "words")]
    assert slots.items() <= facts[0].values.items()


def test_observation_that_is_not_final_gives_no_fact(words: Vocabulary) -> None:
    observation = Observation(resource="Observation/o1", text="HER2 IHC", words="3+", day=DAY, status="preliminary")
    reading = read_clinical(chart(observations=(observation,)), words)
    assert reading.facts == ()
    assert [m.why for m in reading.unread] == ["the observation is preliminary"]


def test_measurement_is_read_by_loinc_with_its_unit(words: Vocabulary) -> None:
    weight = Observation(
        resource="Observation/w", loinc="29463-7", day=DAY, value=Amount(value=Decimal("68.2"), unit="kg")
    )
    fact = clinical_facts(chart(observations=(weight,)), words)[0]
    assert (fact.name, fact.values, fact.quote, fact.field) == (
        "weight",
        {"value": "68.2", "unit": "kg"},
        "68.2",
        "value",
    )


@pytest.mark.parametrize("text", ["Hemoglobin was 9.2 g/dL on 02/20/2026.", "Hgb 9.2 g/dL (2/20/2026)."])
def test_a_measurement_dated_in_the_sentence_is_of_that_day(text: str, words: Vocabulary) -> None:
    facts = clinical_facts(chart(documents=(document(text),)), words)
    assert [fact.day for fact in facts] == [date(2026, 2, 20)]


def test_medication_statement_gives_drugs_dates_and_outcome_with_the_note_as_quote(words: Vocabulary) -> None:
    statement = PriorTreatment(
        resource="MedicationStatement/m1",
        drug="gemcitabine and cisplatin",
        start=date(2024, 6, 3),
        end=date(2024, 9, 20),
        text="Complete response, relapsed 2025-06.",
        status="completed",
    )
    fact = clinical_facts(chart(prior_treatments=(statement,)), words)[0]
    assert fact.values == {
        "drugs": "cisplatin; gemcitabine",
        "status": "prior",
        "start": "2024-06-03",
        "stop": "2024-09-20",
        "outcome": "progression",
        "response": "complete",
    }
    assert (fact.quote, fact.field) == ("Complete response, relapsed 2025-06.", "text")


def test_no_progression_in_a_statement_is_no_outcome_of_progression(words: Vocabulary) -> None:
    statement = PriorTreatment(
        resource="MedicationStatement/m1",
        drug="carboplatin",
        text="No progression on CT 2026-01-08.",
        status="completed",
    )
    assert clinical_facts(chart(prior_treatments=(statement,)), words)[0].values["outcome"] == "completed"


def test_a_harm_from_a_drug_is_no_reason_for_which_it_was_stopped(words: Vocabulary) -> None:
    fact = clinical_facts(chart(documents=(document("Neuropathy grade 1 from cisplatin."),)), words)[0]
    assert fact.values == {"drugs": "cisplatin", "status": "prior", "toxicity": "neuropathy"}


def test_doses_given_become_one_fact_a_drug_and_doses_not_given_none(words: Vocabulary) -> None:
    doses = tuple(
        DoseGiven(resource=f"MedicationAdministration/{n}", drug=drug, day=date(2026, 1, n), status=status)
        for n, drug, status in (
            (5, "pembrolizumab", "completed"),
            (26, "Keytruda", "completed"),
            (27, "pembrolizumab", "not-done"),
        )
    )
    fact = clinical_facts(chart(doses=doses), words)[0]
    assert (fact.name, fact.values["start"], fact.values["last"], fact.values["doses"]) == (
        "pembrolizumab",
        "2026-01-05",
        "2026-01-26",
        "2",
    )


def test_biosimilars_are_drugs_of_their_own(words: Vocabulary) -> None:
    facts = clinical_facts(chart(documents=(document("Progressed on Mvasi. Progressed on bevacizumab."),)), words)
    assert [fact.values["drugs"] for fact in facts] == ["bevacizumab-awwb", "bevacizumab"]


PIECES = st.sampled_from(
    [
        "HER2", "ER", "PD-L1", "KRAS", "MSI-H", "TPS", "3+", "2+", "95%", "negative", "positive", "not", "no", "if",
        "progression on", "FOLFOX", "carboplatin", "and", "with", ",", ".", ";", "\n", "\n\n", "(", ")", "stage", "IV",
        "ECOG", "1", "weight", "70 kg", "in 06/2025", "stopped for", "colitis", "Family history:", "mother",
        "corrected to", "signed by", "first-line", "to", "09:10", "stop 09:40", "metastatic to liver", "pending",
        "—", "ß", "\u200b",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, kind=st.sampled_from(["Progress note", "Pathology report", "", "Authorization letter"]))
def test_any_text_is_read_without_raising_and_every_quote_stands_at_its_place(text: str, kind: str) -> None:
    words = vocabulary(load_codes().hcpcs, DAY)
    given_chart = chart(
        documents=(document(text, kind),),
        observations=(Observation(resource="Observation/o1", text=text[:40], words=text[40:80], day=DAY),),
        prior_treatments=(
            PriorTreatment(resource="MedicationStatement/m1", drug="FOLFOX", text=text, status="completed"),
        ),
    )
    reading = read_clinical(given_chart, words)
    for item in (*reading.facts, *reading.unread):
        source = source_text(given_chart, item)
        assert source is not None
        assert source[item.start : item.end] == item.quote
    assert read_clinical(given_chart, words) == reading


@settings(max_examples=60, deadline=None)
@given(percent=st.integers(min_value=0, max_value=100))
def test_every_percentage_of_a_receptor_has_the_sign_of_the_one_percent_rule(percent: int) -> None:
    words = vocabulary(load_codes().hcpcs, DAY)
    facts = clinical_facts(chart(documents=(document(f"ER {percent}%."),)), words)
    assert [(f.polarity, f.values["percent"]) for f in facts] == [
        ("positive" if percent >= 1 else "negative", str(percent))
    ]
