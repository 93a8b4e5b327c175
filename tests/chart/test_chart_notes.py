"""What a note says plainly is read with its exact sentence; everything else stays unknown."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from knowledge.types.chart import Document, TextFact
from tools.chart.notes import read_note
from tools.chart.sentences import sentences

NAMES = ("pembrolizumab", "Keytruda", "carboplatin", "oxaliplatin")


def read(text: str, names: tuple[str, ...] = NAMES) -> list[TextFact]:
    document = Document(resource="DocumentReference/d1", kind="note", day=date(2026, 3, 16), text=text)
    facts = list(read_note(document, names))
    for fact in facts:
        assert text[fact.start : fact.end] == fact.quote
    return [fact for fact in facts if fact.name != "drug-mentioned"]


def said(text: str) -> list[tuple[str, dict[str, str]]]:
    return [(fact.name, fact.values) for fact in read(text)]


@pytest.mark.parametrize(
    ("sentence", "name", "values"),
    [
        (
            "Pembrolizumab 400 mg IV administered over 30 minutes.",
            "dose-given",
            {"amount": "400", "unit": "mg", "drug": "pembrolizumab"},
        ),
        (
            "Patient received carboplatin 507 mg (AUC 5) IV.",
            "dose-given",
            {"amount": "507", "unit": "mg", "drug": "carboplatin"},
        ),
        (
            "Given as ordered: pembrolizumab 400 mg from 4 x 100 mg vials.",
            "dose-given",
            {"amount": "400", "unit": "mg", "drug": "pembrolizumab"},
        ),
        (
            "Keytruda 400 mg was given without adverse reaction.",
            "dose-given",
            {"amount": "400", "unit": "mg", "drug": "Keytruda"},
        ),
        (
            "Gave pembrolizumab 400 mg on 03/16/2026.",
            "dose-given",
            {"amount": "400", "unit": "mg", "drug": "pembrolizumab", "date": "2026-03-16"},
        ),
        (
            "Ordered pembrolizumab 400 mg every 6 weeks.",
            "dose-ordered",
            {"amount": "400", "unit": "mg", "drug": "pembrolizumab"},
        ),
        ("45 mg discarded from single-dose vial.", "waste", {"amount": "45", "unit": "mg"}),
        ("Waste: 45 mg, witnessed by T. Boone RN.", "waste", {"amount": "45", "unit": "mg"}),
        ("Wasted 1.2 mg.", "waste", {"amount": "1.2", "unit": "mg"}),
        ("No waste.", "no-waste", {}),
        ("Waste: none.", "no-waste", {}),
        ("Infusion started at 10:05 and stopped at 10:38.", "infusion-times", {"start": "10:05", "stop": "10:38"}),
        ("Start time 1:05 pm, end time 2:35 pm", "infusion-times", {"start": "13:05", "stop": "14:35"}),
        ("Infused IV 10:05-10:38.", "infusion-times", {"start": "10:05", "stop": "10:38"}),
        ("Prior authorization number CHP-77120 is on file.", "authorization-mentioned", {"number": "CHP-77120"}),
        ("Auth #A-1 verified.", "authorization-mentioned", {"number": "A-1"}),
        (
            "Pembrolizumab changed to 400 mg every 6 weeks, starting with the next cycle.",
            "order-changed",
            {"amount": "400", "unit": "mg", "interval_days": "42", "drug": "pembrolizumab"},
        ),
        (
            "On 2026-03-02 the order was changed from 200 mg q3w to 400 mg q6w.",
            "order-changed",
            {
                "amount": "400",
                "unit": "mg",
                "interval_days": "42",
                "from_amount": "200",
                "from_unit": "mg",
                "from_interval_days": "21",
                "date": "2026-03-02",
            },
        ),
        (
            "Plan: change pembrolizumab to 400 mg IV every 6 weeks, first 400 mg dose 03/16 (after the last 200 mg).",
            "change-planned",
            {"amount": "400", "unit": "mg", "interval_days": "42", "drug": "pembrolizumab"},
        ),
        (
            "Dose increased to 400 mg every 42 days from 200 mg every 21 days.",
            "order-changed",
            {
                "amount": "400",
                "unit": "mg",
                "interval_days": "42",
                "from_amount": "200",
                "from_unit": "mg",
                "from_interval_days": "21",
            },
        ),
    ],
)
def test_a_plain_sentence_gives_its_fact(sentence: str, name: str, values: dict[str, str]) -> None:
    assert (name, values) in said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Pembrolizumab 400 mg was not given.",
        "Pembrolizumab 400 mg held for colitis.",
        "Will be given pembrolizumab 400 mg tomorrow.",
        "If labs allow, pembrolizumab 400 mg will be administered.",
        "Plan: pembrolizumab 400 mg administered every 6 weeks.",
        "Her mother received pembrolizumab 400 mg.",
        "Family history: father given carboplatin 500 mg.",
        "Received pembrolizumab 400 mg and carboplatin 507 mg.",
        "Administered pembrolizumab 200 mg then 400 mg.",
        "Dexamethasone 10 mg IV given.",
        "Received pembrolizumab 200 mg last cycle.",
        "Received authorization for pembrolizumab 400 mg.",
        "Given her weight, pembrolizumab 400 mg is the dose.",
        "Pembrolizumab was changed to 400 mg q6w pending approval?",
        "Would like to change pembrolizumab to 400 mg every 6 weeks.",
        "If approved, change pembrolizumab to 400 mg every 6 weeks.",
        "Do not change to 400 mg every 6 weeks.",
        "Considered whether pembrolizumab be changed to 400 mg every 6 weeks.",
        "The order was not changed to 400 mg every 6 weeks.",
        "45 mg was not discarded.",
        "Waste recorded per policy.",
        "Authorization 200 units was approved.",
        "Auth J9271 obtained.",
        "Authorization 2026-03-16.",
        "No prior authorization CHP-77120 on file.",
        "Started 10:38, stopped 10:05.",
        "Pembrolizumab given 2 mg/kg.",
        "Pembrolizumab given 2026-03-02 and 2026-03-16, 400 mg.",
    ],
)
def test_an_unsure_sentence_gives_nothing(sentence: str) -> None:
    assert said(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Pembrolizumab 400 mg in 100 mL NS through 0.2 micron filter, start 09:12, stop 09:44.",
        "Pembrolizumab 400 mg IV, 08:40 to 09:15, one 240 mg and two 80 mg vials, nothing discarded.",
        "Pembrolizumab 400 mg IV, 09:15 to 10:18, vials 80 mg and three 20 mg.",
        "Pembrolizumab 400 mg IV, 09:15 to 10:18, vials: 100 mg x 4.",
    ],
)
def test_a_dose_with_its_times_was_given_and_vial_sizes_are_no_doses(sentence: str) -> None:
    found = said(sentence)
    assert ("dose-given", {"amount": "400", "unit": "mg", "drug": "pembrolizumab"}) in found
    assert "infusion-times" in [name for name, _ in found]


def test_two_infusions_in_one_sentence_give_no_times() -> None:
    assert said("Start 10:05, stop 10:35, start 10:40, stop 11:10.") == []


def test_a_dose_and_its_waste_in_one_line_are_two_facts() -> None:
    found = said("Administered oxaliplatin 155 mg IV; 45 mg discarded.")
    assert found == [
        ("dose-given", {"amount": "155", "unit": "mg", "drug": "oxaliplatin"}),
        ("waste", {"amount": "45", "unit": "mg"}),
    ]
    again = said("Administered oxaliplatin 155 mg IV, no waste.")
    assert [name for name, _ in again] == ["no-waste", "dose-given"]


def test_a_wrapped_line_is_one_sentence_quoted_as_it_stands() -> None:
    text = "S: feels well.\r\nPembrolizumab given,\r\n400 mg IV. Tolerated well.\r\n"
    facts = read(text)
    assert [fact.quote for fact in facts] == ["Pembrolizumab given,\r\n400 mg IV."]


def test_a_doctor_ends_no_sentence() -> None:
    assert [s.text for s in sentences("Seen by Dr. Ruiz today. Next visit in 6 weeks.")] == [
        "Seen by Dr. Ruiz today.",
        "Next visit in 6 weeks.",
    ]


def test_each_drug_named_is_a_fact_of_its_own() -> None:
    document = Document(resource="d", kind="note", text="Pembrolizumab with carboplatin. Mother took Keytruda.")
    found = [fact.values["drug"] for fact in read_note(document, NAMES)]
    assert found == ["pembrolizumab", "carboplatin"]


FRAGMENTS = (
    "pembrolizumab|400|mg|given.|not;|10:05|stop\n|changed|to|from|every 6 weeks|no|waste|Dr.|auth|A-1|,|\r\n|started"
)
WORDS = st.sampled_from(FRAGMENTS.split("|"))


@for_all(st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80))
def test_every_quote_stands_verbatim_in_its_document(text: str) -> None:
    read(text)
    end = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        end = sentence.end


@pytest.mark.parametrize(
    "text", ["changed from to " * 20_000, "start 10:05 " * 20_000, "45 mg\nof " * 20_000, "1," * 50_000]
)
def test_text_without_end_is_read_in_no_time(text: str) -> None:
    read(text)
