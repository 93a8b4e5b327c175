"""The brief is one page, says only what its evidence says, and is the same bytes for the same brief."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.causes import load_catalogue
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field
from tools.packet.reading_back import page_texts
from tools.peer_to_peer.brief import Brief, Passage, cut_to, questions, unsupported
from tools.peer_to_peer.render import BriefUnsupported, render_brief

CHART = Evidence(
    id="E1",
    kind="chart",
    source="charts/ada.json DocumentReference/ct-1",
    quote="Progression in both lungs since the last scan.",
    says="CT chest of 2026-02-11",
    exhibit="chart:DocumentReference/ct-1",
)
POLICY = Evidence(
    id="E2",
    kind="policy",
    source="policies/onc.md section Criteria",
    quote="progression on or after platinum therapy",
    says="CHP-ONC-014 asks for progression",
    exhibit="policy:CHP-ONC-014",
)
LAB = Evidence(
    id="E3", kind="chart", source="charts/ada.json Observation/o1", quote="10", says="PD-L1 CPS: 10", exhibit="chart:o"
)
FACTS = (
    Field(label="Patient", value="Ada Voss"),
    Field(label="Service", value="J9271, 400 units"),
    Field(label="Amount denied", value="$22,800.00"),
    Field(label="Denial codes", value="CO-50"),
    Field(label="Date of service", value="2026-03-16"),
    Field(label="Remittance date", value="2026-04-03"),
)
FACT = Passage(
    quote=CHART.quote or "",
    says=CHART.says,
    where="CT chest, 2026-02-11",
    source=CHART.source,
    evidence="E1",
    answers=POLICY.quote or "",
    answers_evidence="E2",
)
ASKED = Passage(quote=POLICY.quote or "", says="", where="CHP-ONC-014, Criteria", source=POLICY.source, evidence="E2")


def brief(**changed: Any) -> Brief:
    given_: dict[str, Any] = {
        "denial_id": "den_1",
        "on": date(2026, 4, 10),
        "practice": "Larkspur Oncology",
        "physician": "Dana Ruiz MD, NPI 1888888884",
        "payer": "Cascade Health Plan",
        "call_by": date(2026, 4, 17),
        "days_left": 7,
        "rule": "payers.yaml CASC1 peer_to_peer_days: 14 days from remit_date 2026-04-03",
        "call": ("No peer-to-peer number is on file",),
        "facts": FACTS,
        "at_issue": "Ada Voss: J9271, 400 units, given 2026-03-16; $22,800.00 unpaid",
        "stated": "CO-50, remittance of 2026-04-03",
        "question": "Where does the record show that this patient meets CHP-ONC-014 for J9271?",
        "points": (FACT,),
        "policy": (ASKED,),
        "cautions": ("That the chart shows “stage IV disease”: it was not found there",),
    }
    return Brief.model_validate({**given_, **changed})


STAGE = POLICY.model_copy(update={"id": "E4", "quote": "stage IV disease"})
EVIDENCE = (CHART, POLICY, LAB, STAGE)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def text_of(pdf: bytes) -> str:
    return " ".join(page_texts(pdf))


def test_a_physician_finds_when_whom_what_and_the_facts_on_one_page() -> None:
    pdf = render_brief(brief(), EVIDENCE)
    text = text_of(pdf)
    assert pages(pdf) == 1
    for wanted in (
        "April 17, 2026",
        "7 days left",
        "Cascade Health Plan",
        "Dana Ruiz MD",
        "$22,800.00",
        "“Progression in both lungs since the last scan.”",
        "CT chest, February 11, 2026",
        "“progression on or after platinum therapy”",
        "Do not say",
    ):
        assert wanted in text


def test_the_last_day_is_said_to_be_today() -> None:
    assert "today" in text_of(render_brief(brief(days_left=0), EVIDENCE))


def test_it_stays_one_page_whatever_the_length_of_the_quotations() -> None:
    long = "Progression in both lungs since the last scan, " * 60
    chart = CHART.model_copy(update={"quote": long})
    policy = POLICY.model_copy(update={"quote": long})
    point, asked = (item.model_copy(update={"quote": long.strip(), "answers": ""}) for item in (FACT, ASKED))
    pdf = render_brief(brief(points=(point,) * 3, policy=(asked,) * 3), (chart, policy, LAB, STAGE))
    assert pages(pdf) == 1
    assert "” …" in text_of(pdf)


def test_what_cannot_be_brought_onto_one_page_is_not_made() -> None:
    with pytest.raises(BriefUnsupported, match="one page"):
        render_brief(brief(cautions=("That the chart shows it " * 300,) * 4), EVIDENCE)


@pytest.mark.parametrize(
    "changed",
    [
        {"at_issue": "Ada Voss: J9271, 500 units, given 2026-03-16"},
        {"question": "Why was J9035 given?"},
        {"stated": "CO-50, remittance of 2026-04-09"},
        {"points": (FACT.model_copy(update={"quote": "Complete response in both lungs and everywhere."}),)},
        {"points": (FACT.model_copy(update={"evidence": "E9"}),)},
        {"points": (FACT.model_copy(update={"answers": "no earlier therapy"}),)},
        {"cautions": ("That the chart shows “a response to anything”: it was not found there",)},
        {"policy": (ASKED.model_copy(update={"quote": "any disease at all, whenever"}),)},
        {"points": (Passage(quote="", says="PD-L1 CPS: 50", where="Result", source="", evidence="E3"),)},
    ],
)
def test_what_the_evidence_does_not_say_is_not_printed(changed: dict[str, Any]) -> None:
    assert unsupported(brief(**changed), EVIDENCE)
    with pytest.raises(BriefUnsupported):
        render_brief(brief(**changed), EVIDENCE)


def test_a_word_that_a_line_breaks_is_read_as_one_word() -> None:
    quote = "with dosing by weight-based-and-adjusted-for-renal-function/hepatic-function as charted " * 3
    chart = CHART.model_copy(update={"quote": quote})
    point = FACT.model_copy(update={"quote": quote.strip(), "answers": ""})
    assert pages(render_brief(brief(points=(point,)), (chart, POLICY, LAB, STAGE))) == 1


def test_a_value_alone_is_printed_with_what_it_is_of() -> None:
    point = Passage(quote="10", says="PD-L1 CPS: 10", where="Result: PD-L1 CPS, 2026-02-01", source="", evidence="E3")
    assert "PD-L1 CPS: “10”" in text_of(render_brief(brief(points=(point,)), EVIDENCE))


def test_the_same_brief_is_the_same_bytes() -> None:
    assert render_brief(brief(), EVIDENCE) == render_brief(brief(), EVIDENCE)


def test_questions_are_about_known_causes() -> None:
    catalogue = load_catalogue()
    for cause, question in questions().items():
        assert catalogue.get(cause).id == cause
        assert question.asks


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=300), st.integers(20, 120))
def test_a_shortened_quotation_is_the_beginning_of_it_word_for_word(quote: str, limit: int) -> None:
    plain = " ".join(quote.split())
    short, cut = cut_to(quote, limit)
    assert plain.startswith(short)
    assert len(short) <= limit
    assert cut is (short != plain) or not cut
