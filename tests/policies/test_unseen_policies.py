"""Policies in the styles of many payers against charts: right, or left open; never surely wrong."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from policy_builders import chart, condition, policy
from test_chart_against_policy import CODES, ON, documents_of, words

from knowledge.types.chart import Amount, DoseGiven
from knowledge.types.criteria import CriterionTable
from tools.chart.facts import read_clinical
from tools.chart.matching import DrugAsked
from tools.policy import CaseFacts, assess, read_criteria
from tools.policy.facts import generics

CASES = yaml.safe_load((Path(__file__).parent / "unseen_policies.yaml").read_text(encoding="utf-8"))


def table_of(case: dict[str, Any]) -> CriterionTable:
    drug, code = case["drug"]
    conditions = [
        condition(icd10, text, stage=(rest or [""])[0], resource=f"Condition/c{number}")
        for number, (icd10, text, *rest) in enumerate(case.get("conditions", ()))
    ]
    doses = [
        DoseGiven(
            resource=f"MedicationAdministration/m{number}",
            hcpcs=code if name == drug else "",
            drug=name,
            day=ON - timedelta(days=before),
            dose=Amount(value=(amount or ["100"])[0], unit="mg"),
            status="completed",
        )
        for number, (name, before, *amount) in enumerate(case.get("doses", ()))
    ]
    patient = chart(documents=documents_of(case), conditions=conditions, doses=doses)
    reading = read_clinical(patient, words())
    facts = CaseFacts(
        on=ON,
        drug=DrugAsked(hcpcs=code, names=(drug,)),
        chart=patient,
        statements=reading.facts,
        unread=reading.unread,
        diagnoses=tuple(item.icd10 for item in patient.conditions[:1]),
        code_names={known: generics(name) for known, name in CODES.items()},
    )
    return assess(read_criteria(policy(case["policy"], drugs=(code,), effective_from=date(2025, 1, 1))), facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_policy_of_another_hand(case: dict[str, Any]) -> None:
    table = table_of(case)
    shown = [(row.criterion.group, row.criterion.text, row.outcome, row.chart_fact) for row in table.rows]
    if "outcome" in case:
        assert table.outcome == case["outcome"], shown
    else:
        assert table.outcome != case["never"], shown
