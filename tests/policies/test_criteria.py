from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_builders import criteria, only, policy

from knowledge.types.criteria import (
    AgeRule,
    AuthorizationRule,
    BiomarkerRule,
    DiagnosisRule,
    DocumentRule,
    DoseOption,
    DoseRule,
    PerformanceRule,
    PriorTherapyRule,
    SiteRule,
    StageRule,
)
from tools.policy import read_criteria
from tools.policy.requirements import read_requirements

PLATINUM = ("carboplatin", "cisplatin", "oxaliplatin")

FULL = """
# Pembrolizumab

## Background
The vial must be kept cold.

## Non-small cell lung cancer
Pembrolizumab is considered medically necessary when all of the following are met:

1. Stage IV or recurrent disease; and
2. ECOG performance status 0-2; and
3. One of the following:
   a. PD-L1 tumor proportion score (TPS) ≥ 50%; or
   b. PD-L1 TPS of at least 1% and no EGFR or ALK alteration.

## Melanoma
All of the following:
- Unresectable or metastatic disease
- No prior therapy with nivolumab

## Exclusions
Pembrolizumab is not covered for any of the following:
- ECOG performance status of 3 or 4
- Active autoimmune disease requiring systemic treatment

## Dosing
- 200 mg every 3 weeks or 400 mg every 6 weeks

## Required documentation
Submit all of the following:
- Pathology report
- Signed order
"""


def test_every_item_of_a_policy_is_a_criterion_with_its_place_and_kind() -> None:
    found = {criterion.id: criterion.kind for criterion in criteria(FULL).criteria}
    assert found == {
        "non-small-cell-lung-cancer.0": "diagnosis",
        "non-small-cell-lung-cancer.1.1": "stage",
        "non-small-cell-lung-cancer.1.2": "performance",
        "non-small-cell-lung-cancer.1.3.1": "biomarker",
        "non-small-cell-lung-cancer.1.3.2": "biomarker",
        "melanoma.0": "diagnosis",
        "melanoma.1.1": "stage",
        "melanoma.1.2": "prior_therapy",
        "exclusions.1.1": "performance",
        "exclusions.1.2": "other",
        "dosing.1": "dose",
        "required-documentation.1.1": "documentation",
        "required-documentation.1.2": "documentation",
    }


def test_groups_say_how_criteria_join() -> None:
    read = criteria(FULL)
    logic = {group.id: (group.parent, group.logic) for group in read.groups}
    assert logic["non-small-cell-lung-cancer"] == ("indications", "all")
    assert logic["melanoma"] == ("indications", "all")
    assert logic["indications"] == (None, "any")
    assert logic["non-small-cell-lung-cancer.1.3.list"] == ("non-small-cell-lung-cancer.1.list", "any")
    assert logic["exclusions.1.list"] == ("exclusions", "exclusion")
    assert not next(group for group in read.groups if group.id == "required-documentation").clinical


def test_text_stands_verbatim_in_its_section() -> None:
    source = policy(FULL)
    sections = {section.heading: section.text for section in source.sections}
    for criterion in read_criteria(source).criteria:
        if criterion.start is None:
            assert criterion.text == criterion.heading
        else:
            end = criterion.start + len(criterion.text)
            assert sections[criterion.heading][criterion.start : end] == criterion.text


def test_a_sentence_over_two_lines_is_one_criterion_read_whole() -> None:
    criterion = only(
        "## Coverage criteria\nPembrolizumab is covered for non-small cell lung cancer, stage III not amenable to"
        " resection or stage IV, when\nthe PD-L1 tumor proportion score is 1% or more and no EGFR or ALK alteration is"
        " present."
    )
    disease, *rest = criterion.requires or ()
    assert isinstance(disease, DiagnosisRule)
    assert disease.diseases[0].name == "non-small cell lung cancer"
    assert rest == [
        StageRule(stages=("IV",), conditional=("III",)),
        BiomarkerRule(marker="PD-L1", measure="TPS", op=">=", value=Decimal(1), unit="%"),
        BiomarkerRule(marker="EGFR", state="unaltered"),
        BiomarkerRule(marker="ALK", state="unaltered"),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("ECOG performance status of 0, 1, or 2", PerformanceRule(ecog_at_most=2)),
        ("ECOG 0 or 1", PerformanceRule(ecog_at_most=1)),
        ("ECOG performance status ≤ 2", PerformanceRule(ecog_at_most=2)),
        ("Karnofsky performance status of at least 60%", PerformanceRule(karnofsky_at_least=60)),
        ("18 years of age or older", AgeRule(at_least=18)),
        ("At least 12 years of age", AgeRule(at_least=12)),
        ("Stage IIIB, IIIC or IV", StageRule(stages=("IIIB", "IIIC", "IV"))),
        ("Stage II to IV disease", StageRule(stages=("II", "III", "IV"))),
        ("Locally advanced or metastatic disease", StageRule(extents=("locally advanced", "metastatic"))),
        ("PD-L1 combined positive score (CPS) of 10 or more",
         BiomarkerRule(marker="PD-L1", measure="CPS", op=">=", value=Decimal(10))),
        ("PD-L1 (TPS > 49%)", BiomarkerRule(marker="PD-L1", measure="TPS", op=">", value=Decimal(49), unit="%")),
        ("TMB of at least 10 mutations per megabase", BiomarkerRule(marker="TMB", op=">=", value=Decimal(10))),
        ("HER2-positive tumor (IHC 3+ or ISH amplified)", BiomarkerRule(marker="HER2", state="positive")),
        ("HER2-positive (IHC 3+ or ISH amplified)", BiomarkerRule(marker="HER2", state="positive")),
        ("RAS wild-type", BiomarkerRule(marker="RAS", state="unaltered")),
        ("MSI-H or dMMR tumor", BiomarkerRule(marker="MSI/MMR", state="altered")),
        ("KRAS G12C mutation", BiomarkerRule(marker="KRAS", state="altered", variants=("g12c",))),
        ("HER2-low disease", BiomarkerRule(marker="HER2", categories=("low",))),
        ("Disease progression on or after platinum-containing chemotherapy",
         PriorTherapyRule(drugs=PLATINUM, outcomes=("progression",))),
        ("Disease progression after platinum-containing chemotherapy within 6 months", None),
        ("At least two prior lines of systemic therapy", PriorTherapyRule(lines=2)),
        ("No more than two prior lines of systemic therapy", PriorTherapyRule(lines=0, most_lines=2)),
        ("No prior treatment with nivolumab", PriorTherapyRule(drugs=("nivolumab",), absent=True)),
        ("Intolerance or contraindication to bevacizumab-awwb",
         PriorTherapyRule(drugs=("bevacizumab-awwb",), outcomes=("intolerance", "contraindication"))),
        ("Up to 200 mg every 3 weeks.",
         DoseRule(options=(DoseOption(amount=Decimal(200), unit="mg", interval_days=21),))),
        ("Maximum of 1,000 mg per day", DoseRule(options=(DoseOption(amount=Decimal(1000), unit="mg"),))),
        ("Ramucirumab: 800 mg (160 units) per day unless the weight is shown", None),
        ("Given no more often than every 21 days", DoseRule(options=(DoseOption(interval_days=21),))),
        ("Administered in a physician office or ambulatory infusion center", SiteRule(places=("11", "49"))),
        ("Prior authorization is required before the first dose.", AuthorizationRule()),
        ("Prior authorization is required before the first dose and every 6 months.", None),
        ("PD-L1 1% or more or high tumor burden", None),
        ("If PD-L1 is 1% or more, ECOG 0-1", None),
        ("Adequate organ function", None),
        ("PD-L1 of 1%", None),
    ],
)  # fmt: skip
def test_a_plain_sentence_is_read_and_any_other_is_left_to_a_person(text: str, rule: object) -> None:
    assert read_requirements(text) == (None if rule is None else (rule,))


def test_documents_are_read_in_a_list_of_documents() -> None:
    criterion = only("## Required documentation\n- Pathology report and PD-L1 report")
    assert criterion.requires == (DocumentRule(documents=("pathology report", "biomarker report")),)


def test_drugs_joined_by_and_are_each_required() -> None:
    first, second = read_requirements("Prior treatment with trastuzumab and a taxane") or ()
    assert first == PriorTherapyRule(drugs=("trastuzumab",))
    assert isinstance(second, PriorTherapyRule)
    assert "docetaxel" in second.drugs


def test_a_sentence_that_names_its_drug_speaks_of_that_drug() -> None:
    criterion = only("## Quantity limits\nRamucirumab: no more than 800 mg per day.")
    assert criterion.drugs == ("ramucirumab",)
    assert criterion.requires is not None


def test_a_sentence_of_non_coverage_is_an_exclusion() -> None:
    read = criteria("## Coverage\nPembrolizumab is not covered for patients with ECOG performance status of 3 or 4.")
    group = next(group for group in read.groups if group.id == read.criteria[0].group)
    assert group.logic == "exclusion"
    assert read.criteria[0].requires == (PerformanceRule(ecog_at_least=3),)


@pytest.mark.parametrize(
    ("text", "logic"),
    [
        ("Covered when any one of the following is met:\n- Stage IV\n- ECOG 0-1", "any"),
        ("Covered when all of the following are met:\n- Stage IV\n- ECOG 0-1", "all"),
        ("Covered when:\n- Stage IV; or\n- ECOG 0-1", "any"),
        ("Covered when:\n- Stage IV; and\n- ECOG 0-1", "all"),
        ("Covered when:\n- Stage IV\n- ECOG 0-1", "all"),
        ("Covered when:\n- PD-L1 TPS of at least 50%\n- EGFR mutation", "unstated"),
        ("Covered when:\n- Stage IV melanoma\n- Colorectal cancer with KRAS mutation", "any"),
        ("Covered when all of the following are met:\n- Stage IV; or\n- ECOG 0-1", "unstated"),
        (
            "Covered when at least two of the following are met:\n- Stage IV\n- ECOG 0-1\n- Age 18 years or older",
            "unstated",
        ),
    ],
)
def test_how_a_list_joins_is_what_its_words_say(text: str, logic: str) -> None:
    read = criteria("## Coverage criteria\n" + text)
    assert {group.logic for group in read.groups if group.id == read.criteria[-1].group} == {logic}


def test_sections_that_inform_give_no_criteria() -> None:
    assert criteria("## Background\nThe drug must be kept cold.\n\n## References\n- A trial").criteria == ()


def test_lettered_items_below_numbers_need_no_indentation() -> None:
    read = criteria(
        "## Coverage criteria\nAll of the following:\n1. One of the following:\na. Stage IV\nb. ECOG 0-1\n2. ECOG 0-2"
    )
    assert [criterion.id for criterion in read.criteria] == [
        "coverage-criteria.1.1.1",
        "coverage-criteria.1.1.2",
        "coverage-criteria.1.2",
    ]


@given(
    st.lists(
        st.sampled_from([*FULL.split("\n"), "", "  - x", "i. y", "(a) z", "| a | b |", "```", "1)", "- "]), max_size=25
    )
)
def test_any_order_of_lines_is_cut_without_loss_of_place(lines: list[str]) -> None:
    source = policy("# P\n" + "\n".join(lines))
    read = read_criteria(source)
    groups = {group.id for group in read.groups}
    assert len({criterion.id for criterion in read.criteria}) == len(read.criteria)
    assert all(criterion.group in groups for criterion in read.criteria)
    assert all(group.parent is None or group.parent in groups for group in read.groups)


@given(st.text(max_size=200))
def test_any_text_is_read_or_left(text: str) -> None:
    requires = read_requirements(text)
    assert requires is None or requires


def test_what_a_heading_says_beside_its_disease_is_not_lost() -> None:
    low = criteria("## HER2-low breast cancer\n- Metastatic disease").criteria
    assert [(criterion.id, criterion.requires is None) for criterion in low] == [
        ("her2-low-breast-cancer.0", False),
        ("her2-low-breast-cancer.1", False),
    ]
    positive = criteria("## HER2-positive breast cancer\n- Metastatic disease").criteria[0]
    assert BiomarkerRule(marker="HER2", state="positive") in (positive.requires or ())


def test_a_section_whose_heading_tells_nothing_binds_no_one() -> None:
    read = criteria("## Remarks\n- Stage IV disease\n\n## Coverage criteria\n- ECOG 0-1\n\n## A drug\n- ECOG 0-2")
    assert {group.id: group.binding for group in read.groups if group.parent is None} == {
        "remarks": False,
        "coverage-criteria": True,
        "a-drug": True,
    }
