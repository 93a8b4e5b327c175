"""The diagnosis that belongs beside a solid tumor: by a policy's words, or by the label of a bone drug."""

from datetime import date

import pytest
from agent_builders import SERVED, asked, case, chart, claim, line

from agent.diagnosis.beside import metastases_in_words
from agent.diagnosis.inquiry import Inquiry
from knowledge.types.chart import Condition

SINCE = date(2025, 3, 18)


def bone(code: str = "J3489", units: int = 4, billed: tuple[str, ...] = ("C61",), since: date = SINCE) -> Inquiry:
    metastases = Condition(resource="Condition/c2", icd10="C7951", text="Bone metastases", onset=since)
    sent = claim(line(units, hcpcs=code), diagnoses=billed)
    return asked(case("CO-50", ("N115",), sent=sent, chart=chart(conditions=(metastases,))))


def test_a_bone_drug_billed_with_a_solid_tumor_alone_lacks_the_charted_metastases() -> None:
    fact = bone().fact("policy-wants-diagnosis-beside")
    assert fact.truth == "confirmed"
    assert fact.values["supporting_diagnosis"] == "C7951"
    assert fact.values["wanted_by"] == "The label of zoledronic acid"
    assert bone("J0897", 120).truth("policy-wants-diagnosis-beside") == "confirmed"


@pytest.mark.parametrize(
    "held",
    [
        bone(units=5),
        bone("J0897", 60),
        bone(billed=("C9000",)),
        bone(billed=("C61", "C7951")),
        bone(billed=("C50911", "M8180")),
        bone(since=date(SERVED.year, SERVED.month, SERVED.day + 1)),
        bone("J9271", 4),
    ],
    ids=["another dose", "another product", "myeloma", "billed", "osteoporosis", "found later", "another drug"],
)
def test_the_label_says_nothing_where_another_use_or_dose_is_billed(held: Inquiry) -> None:
    assert held.truth("policy-wants-diagnosis-beside") == "unknown"


@pytest.mark.parametrize(
    ("sentence", "billed", "found"),
    [
        ("Payable with multiple myeloma, or with a solid tumor together with secondary malignant neoplasm of bone.",
         "C61", True),
        ("Payable with multiple myeloma, or with a solid tumor together with secondary malignant neoplasm of bone.",
         "C9000", False),
        ("The claim carries the primary cancer together with bone metastases.", "C50911", True),
        ("Not covered for a solid tumor together with bone metastases.", "C61", False),
        ("Breast cancer together with an aromatase inhibitor.", "C50911", False),
    ],
)  # fmt: skip
def test_a_policy_names_metastases_in_words(sentence: str, billed: str, found: bool) -> None:
    assert metastases_in_words(sentence, {billed}) == ({"C795"} if found else set())
