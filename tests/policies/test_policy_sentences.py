"""What is read of single policy sentences, in the wordings plans use."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.types.criteria import BiomarkerRule, DiagnosisRule, MeasurementRule, PriorTherapyRule, Requirement
from tools.policy.requirements import read_sentence

SENTENCES = yaml.safe_load((Path(__file__).parent / "policy_sentences.yaml").read_text(encoding="utf-8"))


def shown(rule: Requirement) -> str:
    """Say a requirement in a few words, as the table of sentences does; "" for a rule it does not spell out."""
    parts: list[str] = []
    if isinstance(rule, BiomarkerRule):
        parts = [rule.marker, rule.measure, f"{rule.op} {rule.value}{rule.unit}" if rule.op else "", rule.state or ""]
        parts += [" ".join(rule.categories), f"{rule.intensity}+" if rule.intensity is not None else ""]
        parts += [" ".join(rule.variants)]
    elif isinstance(rule, PriorTherapyRule):
        parts = [
            "/".join(rule.drugs[:3]),
            f"lines {rule.lines}-{rule.most_lines or ''}" if rule.lines is not None else "",
        ]
        parts += [f"metastatic {rule.metastatic_lines}" if rule.metastatic_lines else "", "/".join(rule.outcomes)]
        parts += ["absent" if rule.absent else "", f"within {rule.within_months} months" if rule.within_months else ""]
    elif isinstance(rule, DiagnosisRule):
        parts = [" / ".join(disease.name for disease in rule.diseases)]
    elif isinstance(rule, MeasurementRule):
        within = f" in {rule.within_days} days" if rule.within_days else ""
        parts = [f"{rule.name} {rule.op} {rule.value}{rule.unit}{within}"]
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:60])
def test_a_policy_sentence_is_read_as_it_is_meant(case: dict[str, Any]) -> None:
    read = read_sentence(case["text"])
    rules = None if read.requires is None else [rule.rule for rule in read.requires]
    assert rules == case["requires"]
    assert [text for rule in read.requires or () if (text := shown(rule))] == case.get("read", [])
    assert (read.whole, read.excepted) == (case.get("whole", True), case.get("excepted", False))
    assert [rule.rule for rule in read.condition] == case.get("condition", [])
