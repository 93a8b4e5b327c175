import pytest
from shield_people import CEDAR

from agent.shield import Shield, leaks


@pytest.mark.parametrize(
    "writing",
    [
        "Grace Okafor",
        "Okafor, Grace",
        "OKAFOR^GRACE",
        "OKAFOR*GRACE",
        "G. Okafor",
        "G Okafor",
        "Okafor G",
        "Grace A. Okafor",
        "okafor",
        "GRACE OKAFOR",
        "grace_okafor",
        "GraceOkafor",
        "graceokafor",
        "Grace\n   Okafor",
        "O k a f o r",
        "Oka-\nfor",
        "**Okafor**",
        "O'Connell",
        "O’Connell",
        "OCONNELL",
        "O Connell",
        "Oconnell",
        "O\u2011Connell",
        "Muñoz",
        "Munoz",
        "MUÑOZ-RIVERA",
        "Munoz Rivera",
        "MunozRivera",
        "Rivera",
        "Jose\u0301 Mun\u0303oz",
        "Schäfer",
        "Schaefer",
        "SCHAFER",
        "Ｏｋａｆｏｒ",
        "Оkаfоr",
        "Ok\u200bafor",
        "O\u2060ka\u00adfor",
        "\u202eOkafor\u202c",
        "Ok\u200fafor",
        "𝐎𝐤𝐚𝐟𝐨𝐫",
        "O\U000e0041kafor",
        "\\u004fkafor",
        "Mu\\u00f1oz",
        "Mu&ntilde;oz",
        "Mu%C3%B1oz",
        "\\nOkafor",
        "R3JhY2UgT2thZm9yLCBvdXQ=",
        "Mrs. Long",
        "May Long",
        "Long",
        "LONG, MAY",
        "Ng",
        "Mr. Ng",
        "An Ng",
        "Dana Ruiz",
        "Dr. Ruiz",
        "L. Park",
    ],
)
def test_every_writing_of_a_name_is_covered_and_comes_back(writing: str) -> None:
    shield = Shield(CEDAR)
    text = f"Seen today: {writing} has pain."
    covered = shield.cover(text)
    bare = writing.strip("*\u202e\u202c")
    assert bare not in covered
    for name in ("okafor", "connell", "munoz", "muñoz", "rivera", "schaefer", "long", "park", "ruiz"):
        assert name not in covered.lower(), covered
    assert shield.uncover(covered) == text
    assert leaks(text, CEDAR)
    assert not leaks(covered, CEDAR)


@pytest.mark.parametrize(
    "text",
    [
        "The dose may be held; a long infusion, along the vein. No rash. And an ANC of 1.2.",
        "Next visit May 4, 2026 and 11 May 2026; due by May 2026.",
        "pembrolizumab 200 mg IV every 3 weeks for stage IVB lung adenocarcinoma, C34.11, J9271 on 2026-03-16.",
        "An infusion was given. No disgrace, no parking.",
        "96413 billed once; HCPCS J9271:JZ 400 units; NDC 00006-3026-02; 1.25 mg/kg x 88.1 = 110 mg",
        "C1D1 on 03/16/2026, 09:12 to 09:44, BP 128/74, ANC 1.9",
        "ECOG 1 (2026-01-12). PD-L1 TPS 70%. Line 1 of 2.",
    ],
)
def test_clinical_words_drugs_codes_and_days_of_service_stay(text: str) -> None:
    assert Shield(CEDAR).cover(text) == text
    assert leaks(text, CEDAR) == ()


def test_the_same_thing_keeps_its_token_and_each_writing_its_letter() -> None:
    shield = Shield(CEDAR)
    first = shield.cover("Grace Okafor came. OKAFOR is well.")
    assert first == "[[PATIENT-1]] came. [[PATIENT-1:b]] is well."
    assert shield.cover("OKAFOR again, Grace Okafor") == "[[PATIENT-1:b]] again, [[PATIENT-1]]"


def test_a_name_two_patients_bear_is_the_one_of_the_case() -> None:
    assert Shield(CEDAR).cover("Maria Ramirez") == "[[NAME-1]]"
    assert Shield(CEDAR, patient="CHP400306").cover("Maria Ramirez, CHP400305") == "[[PATIENT-1]], [[MEMBER-1]]"


def test_a_token_invented_by_the_model_stays_as_it_is() -> None:
    shield = Shield(CEDAR)
    shield.cover("Okafor")
    assert shield.uncover("[[PATIENT-7]] and [[PATIENT-1:b]]") == "[[PATIENT-7]] and Okafor"
