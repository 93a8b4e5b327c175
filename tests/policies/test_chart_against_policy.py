"""Policies in many wordings held against charts in many layouts, from the documents to the outcome."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from policy_builders import chart, condition, policy

from knowledge.codes import load_codes
from knowledge.types.chart import Document, Observation, PriorTreatment
from knowledge.types.criteria import CriterionTable
from tools.chart.facts import Vocabulary, read_clinical, vocabulary
from tools.chart.matching import DrugAsked
from tools.policy import CaseFacts, assess, read_criteria
from tools.policy.facts import generics

ON = date(2026, 5, 6)
CODES = {
    "Q5111": "pegfilgrastim-cbqv",
    "Q5115": "rituximab-abbs",
    "Q5119": "rituximab-pvvr",
    "Q5107": "bevacizumab-awwb",
}


@cache
def words() -> Vocabulary:
    return vocabulary(load_codes().hcpcs, ON)


def note(text: str, kind: str = "Progress note", day: date = date(2026, 4, 20), name: str = "n1") -> Document:
    return Document(resource=f"DocumentReference/{name}", kind=kind, day=day, text=text)


def held(
    text: str, *documents: Document, drug: str = "panitumumab", hcpcs: str = "J9303", **parts: object
) -> CriterionTable:
    patient = chart(documents=documents, **parts)
    reading = read_clinical(patient, words())
    facts = CaseFacts(
        on=ON,
        drug=DrugAsked(hcpcs=hcpcs, names=(drug,)),
        chart=patient,
        statements=reading.facts,
        unread=reading.unread,
        diagnoses=tuple(item.icd10 for item in patient.conditions),
        code_names={code: generics(name) for code, name in CODES.items()},
    )
    return assess(read_criteria(policy(text, drugs=(hcpcs,))), facts)


COLON = (
    condition("C187", "Adenocarcinoma of sigmoid colon"),
    condition("C787", "Liver metastases", resource="Condition/c2"),
)
BREAST = (
    condition("C50412", "Carcinoma of left breast"),
    condition("C7951", "Bone metastases", resource="Condition/c2"),
)
OVARY = (condition("C561", "High-grade serous carcinoma of right ovary, recurrent"),)
CHOLANGIO = (condition("C221", "Intrahepatic cholangiocarcinoma", stage="Stage IV"),)

RAS = "## Criteria\n1. Metastatic colorectal cancer.\n2. KRAS and NRAS wild type."
PATIENTS = {
    "colon": COLON,
    "breast": BREAST,
    "ovary": OVARY,
    "bile duct": CHOLANGIO,
    "cecum": (condition("C180", "Adenocarcinoma of cecum"),),
}
CASES = yaml.safe_load((Path(__file__).parent / "chart_against_policy.yaml").read_text(encoding="utf-8"))


def documents_of(case: dict[str, Any]) -> tuple[Document, ...]:
    return tuple(
        note(
            item["text"],
            item.get("kind", "Progress note"),
            item.get("day", date(2026, 2, 10) if item.get("kind") == "Pathology report" else date(2026, 4, 20)),
            f"d{number}",
        )
        for number, item in enumerate(case["documents"])
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_policy_against_a_chart(case: dict[str, Any]) -> None:
    table = held(case["policy"], *documents_of(case), conditions=PATIENTS.get(case.get("patient", ""), ()))
    assert table.outcome == case["outcome"], [(row.criterion.text, row.outcome, row.chart_fact) for row in table.rows]


def line(drug: str, start: date, end: date, text: str, name: str) -> PriorTreatment:
    return PriorTreatment(
        resource=f"MedicationStatement/{name}", drug=drug, start=start, end=end, text=text, status="completed"
    )


FIRST = line("carboplatin and paclitaxel", date(2023, 7, 3), date(2023, 11, 20), "Complete response.", "s1")
SECOND = line("gemcitabine", date(2025, 2, 10), date(2025, 8, 1), "Progression 2025-08-20.", "s2")
THIRD = line("topotecan", date(2025, 9, 1), date(2025, 12, 1), "Progression 2025-12-20.", "s3")
FOURTH = line("pegylated liposomal doxorubicin", date(2026, 1, 5), date(2026, 3, 1), "Progression 2026-03-12.", "s4")


@pytest.mark.parametrize(
    ("said", "treatments", "outcome"),
    [
        ("One to three earlier regimens.", (FIRST,), "met"),
        ("1 to 3 prior systemic lines", (FIRST, SECOND, THIRD), "met"),
        ("one to three earlier systemic lines", (FIRST, SECOND, THIRD, FOURTH), "not_determinable"),
        ("one to three earlier systemic lines", (), "not_determinable"),
        ("Two or more prior lines of systemic therapy", (FIRST, SECOND), "met"),
        ("At least two prior lines of therapy", (FIRST,), "not_determinable"),
        ("Disease progression on topotecan", (THIRD,), "met"),
        ("Prior therapy with a platinum and a taxane", (FIRST,), "met"),
        ("No prior therapy with topotecan", (THIRD,), "not_met"),
    ],
)
def test_lines_are_counted(said: str, treatments: tuple[PriorTreatment, ...], outcome: str) -> None:
    table = held(f"## Criteria\n{said}", prior_treatments=treatments, drug="mirvetuximab soravtansine", hcpcs="J9063")
    assert table.outcome == outcome, [(row.criterion.text, row.chart_fact) for row in table.rows]


def test_an_observation_answers_as_a_report_does() -> None:
    result = Observation(
        resource="Observation/o1",
        text="KRAS mutation analysis",
        day=date(2026, 3, 18),
        words="G12V mutated",
        status="final",
    )
    table = held(RAS, conditions=COLON, observations=(result,))
    assert table.outcome == "not_met"
    assert next(row for row in table.rows if row.outcome == "not_met").source == "Observation/o1"
