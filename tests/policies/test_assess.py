from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_builders import (
    ON,
    PEMBROLIZUMAB,
    Said,
    chart,
    condition,
    criteria,
    dose,
    order,
    pdl1,
    prior,
    row,
    table,
)

from knowledge.codes import load_codes
from knowledge.types.chart import Document
from knowledge.types.criteria import Outcome
from tools.chart.facts import read_clinical, vocabulary
from tools.policy import CaseFacts, assess

TPS = "## Coverage criteria\n- PD-L1 TPS of at least 50%"
LUNG = condition("C3411", "Adenocarcinoma of lung", onset=date(2025, 11, 1))


@pytest.mark.parametrize(("score", "outcome"), [("80", "met"), ("50", "met"), ("49", "not_met"), ("0", "not_met")])
def test_a_report_on_one_side_of_the_bound_decides(score: str, outcome: Outcome) -> None:
    found = row(TPS, pdl1(score))
    assert found.outcome == outcome
    assert (found.quote, found.source) == (f"PD-L1 TPS {score}%", "DocumentReference/path")


def test_a_result_after_the_service_or_undated_does_not_count() -> None:
    assert row(TPS, pdl1("80", day=date(2026, 3, 17))).outcome == "not_determinable"
    assert row(TPS, pdl1("80", day=None)).outcome == "not_determinable"
    assert row(TPS, pdl1("80", day=ON)).outcome == "met"


def test_what_is_not_found_is_not_determinable() -> None:
    assert row(TPS).outcome == "not_determinable"


def test_pathology_prevails_over_a_note() -> None:
    note = pdl1("80", rank=2, resource="DocumentReference/note")
    found = row(TPS, note, pdl1("10"))
    assert (found.outcome, found.source) == ("not_met", "DocumentReference/path")


def test_reports_of_one_rank_that_disagree_decide_nothing() -> None:
    found = row(TPS, pdl1("80"), pdl1("10", day=date(2025, 12, 1)))
    assert found.outcome == "not_determinable"
    assert "disagree" in found.chart_fact


def test_a_weak_source_does_not_refute() -> None:
    assert row(TPS, pdl1("10", rank=3)).outcome == "not_determinable"
    assert row(TPS, pdl1("80", rank=4)).outcome == "not_determinable"


def test_a_score_of_another_kind_is_not_compared() -> None:
    cps = Said("biomarker", "PD-L1", {"score": "80"}, "positive", quote="PD-L1 CPS 80")
    assert row(TPS, cps).outcome == "not_determinable"


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"score_low": "50", "score_high": "60"}, "met"),
        ({"score_low": "40", "score_high": "60"}, "not_determinable"),
        ({"score": "50", "bound": ">="}, "met"),
        ({"score": "1", "bound": ">="}, "not_determinable"),
        ({"score": "1", "bound": "<"}, "not_met"),
        ({"score": "50", "bound": "~"}, "not_determinable"),
    ],
)
def test_a_range_decides_only_when_it_lies_on_one_side(values: dict[str, str], outcome: Outcome) -> None:
    said = Said("biomarker", "PD-L1", values, "positive", quote="PD-L1 TPS as reported")
    assert row(TPS, said).outcome == outcome


@given(score=st.integers(0, 100), bound=st.integers(0, 100))
def test_met_and_not_met_never_overlap(score: int, bound: int) -> None:
    text = f"## Coverage criteria\n- PD-L1 TPS of at least {bound}%"
    assert row(text, pdl1(str(score))).outcome == ("met" if score >= bound else "not_met")


@pytest.mark.parametrize(
    ("name", "polarity", "outcome"),
    [("HER2", "positive", "met"), ("HER2", "negative", "not_met"), ("HER2", "equivocal", "not_determinable")],
)
def test_a_marker_state(name: str, polarity: str, outcome: Outcome) -> None:
    said = Said("biomarker", name, {"ihc": "3+"}, polarity)
    assert row("## Coverage criteria\n- HER2-positive disease", said).outcome == outcome


def test_ras_is_wild_type_only_with_both_genes() -> None:
    text = "## Coverage criteria\n- RAS wild-type"
    kras, nras = (Said("biomarker", gene, {"result": "wild type"}, "negative") for gene in ("KRAS", "NRAS"))
    assert row(text, kras).outcome == "not_determinable"
    assert row(text, kras, nras).outcome == "met"
    mutated = Said("biomarker", "NRAS", {"result": "mutated"}, "positive")
    assert row(text, kras, mutated).outcome == "not_met"


def test_either_instability_result_is_enough() -> None:
    text = "## Coverage criteria\n- MSI-H or dMMR tumor"
    stable = Said("biomarker", "MSI", {"result": "stable"}, "negative")
    deficient = Said("biomarker", "MMR", {"result": "deficient"}, "positive")
    proficient = Said("biomarker", "MMR", {"result": "proficient"}, "negative")
    assert row(text, deficient).outcome == "met"
    assert row(text, stable, proficient).outcome == "not_met"
    assert row(text, stable).outcome == "not_determinable"


def test_a_disease_its_code_cannot_tell_needs_words() -> None:
    text = "## Coverage criteria\n- Non-small cell lung cancer"
    assert row(text, chart=chart(conditions=[LUNG])).outcome == "met"
    plain = condition("C3490", "Malignant neoplasm of lung")
    assert row(text, chart=chart(conditions=[plain])).outcome == "not_determinable"
    small = condition("C3490", "Small cell lung cancer")
    assert row(text, chart=chart(conditions=[small])).outcome == "not_determinable"
    said = Said("histology", "non-small cell lung cancer", quote="non-small cell carcinoma")
    assert row(text, said, chart=chart(conditions=[plain])).outcome == "met"


def test_a_disease_is_refuted_only_by_chart_and_claim_together() -> None:
    text = "## Coverage criteria\n- Melanoma"
    assert row(text, chart=chart(conditions=[LUNG])).outcome == "not_determinable"
    assert row(text, chart=chart(conditions=[LUNG]), diagnoses=("C34.11",)).outcome == "not_met"
    assert row(text, chart=chart(conditions=[LUNG]), diagnoses=("Z51.11",)).outcome == "not_determinable"


@pytest.mark.parametrize(
    ("asked", "charted", "outcome"),
    [
        ("Stage IV disease", "IVB", "met"),
        ("Stage IV disease", "IIIA", "not_met"),
        ("Stage IIIB or IV disease", "III", "not_determinable"),
        ("Stage III not amenable to resection or stage IV", "IIIA", "not_determinable"),
        ("Stage III not amenable to resection or stage IV", "II", "not_met"),
        ("Metastatic disease", "IV", "met"),
        ("Metastatic disease", "II", "not_met"),
        ("Metastatic disease", "III", "not_determinable"),
        ("Locally advanced or metastatic disease", "III", "not_determinable"),
        ("Stage II disease", "III", "not_met"),
        ("Stage I disease", "IV", "not_met"),
    ],
)
def test_stage(asked: str, charted: str, outcome: Outcome) -> None:
    said = Said("stage", "stage", {"stage": charted}, quote=f"stage {charted}")
    assert row(f"## Coverage criteria\n- {asked}", said).outcome == outcome


def test_a_code_of_metastases_shows_spread_and_nodes_do_not() -> None:
    text = "## Coverage criteria\n- Metastatic disease"
    assert row(text, chart=chart(conditions=[condition("C787", "Liver metastases")])).outcome == "met"
    assert row(text, chart=chart(conditions=[condition("C773", "Axillary node")])).outcome == "not_determinable"


def test_the_latest_performance_status_counts() -> None:
    text = "## Coverage criteria\n- ECOG performance status 0-1"
    good = Said("performance", "ECOG", {"score": "1"}, day=date(2025, 12, 1), rank=2, quote="ECOG 1")
    worse = Said("performance", "ECOG", {"score": "3"}, day=date(2026, 3, 1), rank=2, quote="ECOG 3")
    assert row(text, good).outcome == "met"
    assert row(text, good, worse).outcome == "not_met"


def test_age_is_counted_to_the_day_of_service() -> None:
    assert row("## Coverage criteria\n- At least 65 years of age").outcome == "met"
    assert row("## Coverage criteria\n- At least 66 years of age").outcome == "not_met"


def test_an_earlier_drug_is_found_in_resources_and_its_end_in_words() -> None:
    text = "## Coverage criteria\n- Disease progression after platinum-containing chemotherapy"
    given_before = chart(prior_treatments=[prior("Carboplatin")])
    assert row(text, chart=given_before).outcome == "not_determinable"
    ended = {"drugs": "carboplatin", "status": "prior", "outcome": "progression"}
    said = Said("treatment", "carboplatin", ended, rank=2, quote="progressed on carboplatin")
    assert row(text, said).outcome == "met"
    assert row("## Coverage criteria\n- Prior treatment with carboplatin", chart=given_before).outcome == "met"


def test_an_absence_is_never_shown_by_silence() -> None:
    text = "## Coverage criteria\n- No prior treatment with nivolumab"
    assert row(text).outcome == "not_determinable"
    assert row(text, chart=chart(prior_treatments=[prior("Opdivo")])).outcome == "not_met"


def test_earlier_cycles_of_the_drug_itself_are_no_prior_treatment() -> None:
    text = "## Coverage criteria\n- No prior therapy with a PD-1 inhibitor"
    earlier = chart(doses=[dose("200", date(2026, 2, 23))], prior_treatments=[prior("pembrolizumab")])
    assert row(text, chart=earlier).outcome == "not_determinable"


def test_dose_and_interval_must_fit_one_schedule() -> None:
    text = "## Quantity\n200 mg every 3 weeks or 400 mg every 6 weeks."
    before = dose("200", date(2026, 2, 23), resource="MedicationAdministration/m0")
    assert row(text, chart=chart(doses=[before, dose("200")])).outcome == "met"
    assert row(text, chart=chart(doses=[before, dose("400")])).outcome == "not_met"
    early = dose("200", date(2026, 3, 2), resource="MedicationAdministration/m0")
    assert row(text, chart=chart(doses=[early, dose("200")])).outcome == "not_met"
    assert row(text, chart=chart(doses=[dose("400")], orders=[order("400", 42)])).outcome == "met"
    assert row(text).outcome == "not_determinable"


def test_units_are_those_billed() -> None:
    text = "## Quantity\nUp to 400 units per day."
    assert row(text, units=Decimal(400)).outcome == "met"
    assert row(text, units=Decimal(401)).outcome == "not_met"


def test_documents_are_looked_for_and_never_denied() -> None:
    text = "## Required documentation\n- Pathology report"
    report = Document(resource="DocumentReference/d", kind="Pathology report", day=date(2026, 1, 5), text="x")
    assert row(text, chart=chart(documents=[report])).outcome == "met"
    assert row(text).outcome == "not_determinable"


def test_an_exclusion_that_applies_is_not_met() -> None:
    text = "## Exclusions\n- ECOG performance status of 3 or 4"
    bad = Said("performance", "ECOG", {"score": "3"}, rank=2, quote="ECOG 3")
    good = Said("performance", "ECOG", {"score": "1"}, rank=2, quote="ECOG 1")
    assert row(text, bad).outcome == "not_met"
    assert row(text, good).outcome == "met"
    assert row(text).outcome == "not_determinable"


ANY = "## Coverage criteria\nOne of the following:\n- PD-L1 TPS of at least 50%\n- EGFR mutation"
ALL = ANY.replace("One of", "All of")
NO_EGFR = Said("biomarker", "EGFR", {"result": "wild type"}, "negative")


def test_any_needs_one_and_all_needs_each() -> None:
    assert table(ANY, pdl1("80"), NO_EGFR).outcome == "met"
    assert table(ALL, pdl1("80"), NO_EGFR).outcome == "not_met"
    assert table(ANY, pdl1("10"), NO_EGFR).outcome == "not_met"
    assert table(ANY, pdl1("10")).outcome == "not_determinable"
    assert table(ALL, pdl1("80")).outcome == "not_determinable"


def test_where_the_policy_does_not_say_how_criteria_join_both_readings_must_agree() -> None:
    text = "## Coverage criteria\n- PD-L1 TPS of at least 50%\n- EGFR mutation"
    assert table(text, pdl1("80"), NO_EGFR).outcome == "not_determinable"
    assert table(text, pdl1("10"), NO_EGFR).outcome == "not_met"


def test_one_indication_is_enough() -> None:
    melanoma, lung_cancer = "## Melanoma\n- Metastatic disease", "## Non-small cell lung cancer"
    text = f"{melanoma}\n\n{lung_cancer}\n- PD-L1 TPS of at least 50%"
    lung = {"chart": chart(conditions=[LUNG]), "diagnoses": ("C34.11",)}
    assert table(text, pdl1("80"), **lung).outcome == "met"
    assert table(text, pdl1("10"), **lung).outcome == "not_met"


def test_papers_do_not_enter_the_clinical_outcome() -> None:
    text = TPS + "\n\n## Authorization\nPrior authorization is required."
    found = table(text, pdl1("80"), authorized=False)
    assert (found.outcome, found.administrative) == ("met", "not_met")


def test_a_criterion_about_another_drug_has_no_row() -> None:
    text = (
        "## Quantity limits\n- Ramucirumab: no more than 800 mg per day\n- Pembrolizumab: no more than 400 mg per dose"
    )
    assert [item.criterion.drugs for item in table(text).rows] == [("pembrolizumab",)]


def test_a_criterion_no_one_can_read_plainly_waits_for_a_person() -> None:
    found = row("## Coverage criteria\n- Adequate organ function")
    assert found.criterion.requires is None
    assert found.outcome == "not_determinable"
    assert "person" in found.chart_fact


PLATINUM = "## Coverage criteria\n- Prior treatment with carboplatin"


def test_a_drug_of_the_same_course_is_no_treatment_before() -> None:
    together = [dose("200", date(2026, 2, 23)), dose("450", date(2026, 2, 23), drug="carboplatin")]
    assert row(PLATINUM, chart=chart(doses=together)).outcome == "not_determinable"
    before = dose("450", date(2025, 9, 1), drug="carboplatin")
    assert row(PLATINUM, chart=chart(doses=[*together, before])).outcome == "met"


def test_never_refutes_only_when_it_covers_all_that_was_asked_for() -> None:
    never = Said("treatment", "cisplatin", {"drugs": "cisplatin", "status": "never"}, "negative", rank=2)
    assert row("## Coverage criteria\n- Prior treatment with cisplatin", never).outcome == "not_met"
    assert row("## Coverage criteria\n- Prior treatment with cisplatin or carboplatin", never).outcome == (
        "not_determinable"
    )
    assert row("## Coverage criteria\n- No prior treatment with cisplatin", never).outcome == "met"


def test_a_contraindication_meets_a_step_that_allows_it() -> None:
    said = Said("treatment", "bevacizumab-awwb", {"status": "contraindicated"}, "negative", rank=2)
    text = "## Step therapy\n- Inadequate response or contraindication to bevacizumab-awwb"
    found = row(text, said)
    assert (found.criterion.kind, found.outcome) == ("step", "met")
    assert row(text.replace(" or contraindication", ""), said).outcome == "not_determinable"


def test_an_unread_mention_keeps_a_refusal_open() -> None:
    unread = Said("biomarker", "PD-L1", quote="PD-L1 addendum: see below")
    assert row(TPS, pdl1("10"), unread=(unread,)).outcome == "not_determinable"
    assert row(TPS, pdl1("80"), unread=(unread,)).outcome == "met"
    assert "see below" in row(TPS, unread=(unread,)).chart_fact


def test_a_cps_beside_a_tps_contradicts_nothing() -> None:
    cps = Said("biomarker", "PD-L1", {"score": "12", "scale": "CPS"}, "positive", quote="PD-L1 CPS 12")
    assert row(TPS, pdl1("80"), cps).outcome == "met"


def test_the_latest_stage_meets_and_only_all_of_them_refute() -> None:
    text = "## Coverage criteria\n- Stage IV disease"
    first = Said("stage", "AJCC", {"stage": "II"}, day=date(2024, 5, 1), rank=2, quote="stage II")
    later = Said("stage", "AJCC", {"stage": "IV"}, day=date(2026, 2, 1), rank=2, quote="stage IV")
    assert row(text, first, later).outcome == "met"
    assert row(text, first).outcome == "not_met"


def test_the_readers_own_facts_are_understood() -> None:
    note = Document(
        resource="DocumentReference/path",
        kind="Pathology report",
        title="Pathology report",
        day=date(2026, 1, 5),
        text="PD-L1 TPS 60%. No EGFR or ALK alterations detected.",
    )
    read = chart(documents=[note])
    reading = read_clinical(read, vocabulary(load_codes().hcpcs, ON))
    text = "## Coverage criteria\n- PD-L1 TPS of at least 50% and no EGFR or ALK alteration"
    facts = CaseFacts(on=ON, drug=PEMBROLIZUMAB, chart=read, statements=reading.facts, unread=reading.unread)
    found = assess(criteria(text), facts).rows[0]
    assert found.outcome == "met"
    assert {answer.source for answer in found.answers} == {"DocumentReference/path"}


def test_a_section_whose_heading_tells_nothing_refutes_nothing() -> None:
    text = "## Considerations\n- PD-L1 TPS of at least 50%"
    assert table(text, pdl1("10")).outcome == "not_determinable"
    assert table(text, pdl1("80")).outcome == "met"
