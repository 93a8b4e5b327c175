"""Freely written sentences of a letter: what their evidence says stands, what it does not is struck."""

from typing import Any

import pytest
from letter_cases import case, ev

from knowledge.types.evidence import Evidence
from knowledge.types.letters import CriteriaStanding, CriterionStanding, Field, LetterCase, Paragraph
from tools.packet.arguing import ArgumentSentence, argued, edited, faults_of, single_sentences
from tools.packet.composing import LetterIncomplete, compose
from tools.packet.sentences import sentences
from tools.packet.verification import verify


def chart(number: int, says: str) -> Evidence:
    return ev(number, "chart", says, says)


def policy(number: int, asks: str) -> Evidence:
    return ev(number, "policy", f"NSH-RX-118 asks: {asks}", asks).model_copy(update={"source": "p.md section Criteria"})


EVIDENCE = (
    ev(1, "remit", "North Shore Health denied J9063 of 2026-05-06 on 2026-05-22: CO-50 $16,000.00, remarks N180",
       remit_date="2026-05-22", amount="$16,000.00"),
    chart(2, "CT chest of 03/20/2026: no evidence of progression; stable right lung nodule 8 mm, previously 9 mm."),
    chart(3, "Pathology: ER positive 95%, PR negative, HER2 1+ by IHC."),
    chart(4, "Possible partial response on PET; will confirm in 8 weeks."),
    chart(5, "Mother had ovarian cancer at 54."),
    chart(6, "Progressed on carboplatin and paclitaxel; tolerated bevacizumab well."),
    ev(7, "chart", "mirvetuximab soravtansine-gynx: 400 mg given on 2026-05-06, 20 mg discarded"),
    policy(8, "progression within 6 months after the last platinum dose"),
    chart(9, "Dose was held on 04/02/2026 for neutropenia, grade 3, and resumed on 04/16/2026."),
    ev(10, "authorization", "Authorization NS-1, status approved on 2026-04-20, for J9063, 400 mg a dose, 4 doses, "
       "2026-04-25 to 2026-10-24, diagnoses C561"),
    chart(11, "Patient declined surgery. Platinum was not tried because of allergy."),
    chart(12, "Plan: start mirvetuximab if FRalpha is at least 75%."),
    chart(13, "PD-L1 TPS < 1%."),
    policy(14, "one to three earlier systemic lines"),
    ev(15, "contract", "Cascade Health Plan wants Q5107 before J9035"),
    chart(21, "Line 1 FOLFIRINOX from 01/2025 to 06/2025, best response stable disease; "
          "line 2 gemcitabine from 07/2025, stopped for neuropathy grade 2."),
    chart(22, "ECOG 1. Creatinine 0.9 mg/dL, hemoglobin 9.8 g/dL."),
    chart(23, "Patient tolerated carboplatin without reaction but had hives with paclitaxel."),
    ev(24, "contract", "Lakeland wants Q5107 or Q5118 before J9035"),
    ev(25, "policy", "LKA-1 asks: PD-L1 of at least 50% or prior platinum", "PD-L1 of at least 50% or prior platinum"),
    chart(26, "PD-L1 60% (22C3)."),
    ev(27, "coverage", "Coverage of member M1 with Prairie (primary, commercial) from 2024-01-01 to open, "
       "verified 2026-04-20"),
    chart(28, "Tumor board 03/02/2026 recommended mirvetuximab."),
    chart(30, "Second opinion of 02/01/2026 advised against surgery."),
    chart(31, "Stage IIIB, node positive; no distant metastasis."),
    chart(32, "Rash resolved with prednisone 40 mg. Weight 70 kg on 03/02/2026 and 66 kg on 04/02/2026."),
)  # fmt: skip

STANDS = (
    ("On March 20, 2026 the CT chest showed no evidence of progression.", "E2"),
    ("The right lung nodule was 8 mm, previously 9 mm.", "E2"),
    ("Pathology showed ER positive, 95%.", "E3"),
    ("The patient progressed on carboplatin and paclitaxel.", "E6"),
    ("Policy NSH-RX-118 asks for progression within 6 months after the last platinum dose.", "E8"),
    ("The dose was held on April 2, 2026 for neutropenia, grade 3.", "E9"),
    ("PD-L1 TPS was < 1%.", "E13"),
    ("Of mirvetuximab soravtansine-gynx, 400 mg was given on May 6, 2026 and 20 mg was discarded.", "E7"),
    ("The payer denied J9063 with CO-50.", "E1"),
    ("The payer approved 400 mg a dose of J9063.", "E10"),
    ("Line 1 was FOLFIRINOX from 01/2025 to 06/2025.", "E21"),
    ("Gemcitabine was stopped for neuropathy grade 2.", "E21"),
    ("Hemoglobin was 9.8 g/dL.", "E22"),
    ("The patient had hives with paclitaxel.", "E23"),
    ("PD-L1 was 60%.", "E26"),
    ("The tumor board recommended mirvetuximab on March 2, 2026.", "E28"),
    ("The weight was 66 kg on April 2, 2026.", "E32"),
    ("Cascade Health Plan wants Q5107 before J9035.", "E15"),
    ('In its section Criteria, policy NSH-RX-118 asks for "one to three earlier systemic lines".', "E14"),
)
LIES = (
    ("The CT chest of 03/20/2026 showed progression.", "E2"),
    ("On March 20, 2026 the CT chest showed evidence of progression.", "E2"),
    ("The right lung nodule was 9 mm, previously 8 mm.", "E2"),
    ("The right lung nodule was not stable.", "E2"),
    ("ER negative, PR positive.", "E3"),
    ("The pathology was PR positive.", "E3"),
    ("HER2 was positive by IHC.", "E3"),
    ("HER2 was negative by IHC.", "E3"),
    ("Pathology showed PR positive 95%.", "E3"),
    ("PET showed partial response.", "E4"),
    ('The chart states "partial response on PET".', "E4"),
    ("The patient had ovarian cancer at 54.", "E5"),
    ('The chart states "ovarian cancer at 54".', "E5"),
    ("The patient progressed on bevacizumab.", "E6"),
    ("The patient tolerated carboplatin and paclitaxel well.", "E6"),
    ("The patient received 20 mg of mirvetuximab soravtansine-gynx on May 6, 2026.", "E7"),
    ("400 mg was discarded on May 6, 2026.", "E7"),
    ("The patient received 420 mg on May 6, 2026.", "E7"),
    ("The patient had progression within 6 months after the last platinum dose.", "E8"),
    ("Policy NSH-RX-118 asks for progression within 8 months after the last platinum dose.", "E8"),
    ("Policy NSH-RX-118 does not ask for progression.", "E8"),
    ("The dose was resumed on April 2, 2026 and held on April 16, 2026.", "E9"),
    ("The dose was resumed on April 2, 2026.", "E9"),
    ("The dose was held on April 2, 2026 for neutropenia, grade 4.", "E9"),
    ("The dose was never held.", "E9"),
    ("Authorization NS-1 was approved on April 25, 2026 for J9063.", "E10"),
    ("Authorization NS-1 was approved for 4 mg a dose.", "E10"),
    ("Authorization NS-1 was approved for 400 doses.", "E10"),
    ("Authorization NS-1 ran from April 20, 2026 to October 24, 2026.", "E10"),
    ("Authorization NS-1 covers the dates from October 24, 2026 to April 25, 2026.", "E10"),
    ("The patient declined platinum.", "E11"),
    ("Surgery was not tried because of allergy.", "E11"),
    ("Platinum was tried.", "E11"),
    ("FRalpha is at least 75%.", "E12"),
    ('The chart states "FRalpha is at least 75%".', "E12"),
    ('The chart states "start mirvetuximab".', "E12"),
    ("PD-L1 TPS was 1%.", "E13"),
    ("PD-L1 TPS was at least 1%.", "E13"),
    ("The payer denied J9063 on May 6, 2026.", "E1"),
    ("The denial code CO-50 was withdrawn.", "E1"),
    ("The denial was not for CO-50.", "E1"),
    ("North Shore Health paid $16,000.00.", "E1"),
    ("The patient is a carrier and named in the plan.", "E2"),
    ("There is no question that the treatment is required.", "E2"),
    ("The treatment is required.", "E2"),
    ("The drug is described in the policy.", "E8"),
    ("The payer asked for the treatment.", "E1"),
    ("The payer requires the treatment.", "E1"),
    ("The plan describes this treatment as required service.", "E1"),
    ("Of mirvetuximab soravtansine-gynx, 20 mg was given and 400 mg was discarded on May 6, 2026.", "E7"),
    ("The payer requires J9063.", "E1"),
    ("The payer states J9063 was denied and it is required.", "E1"),
    ("The payer describes J9063.", "E1"),
    ("North Shore Health authorized J9063.", "E1"),
    ("The payer approved 400 mg of J9063 on April 25, 2026.", "E10"),
    ("The nodule was 8 mm and progression was found.", "E2"),
    ("Line 2 was FOLFIRINOX from 01/2025 to 06/2025.", "E21"),
    ("Line 1 was gemcitabine.", "E21"),
    ("Line 1 was stopped for neuropathy grade 2.", "E21"),
    ("The best response to gemcitabine was stable disease.", "E21"),
    ("FOLFIRINOX was stopped for neuropathy grade 2.", "E21"),
    ("FOLFIRINOX was given from 06/2025 to 01/2025.", "E21"),
    ("Hemoglobin was 0.9 g/dL.", "E22"),
    ("Creatinine was 9.8 mg/dL.", "E22"),
    ("Creatinine was 9.8 g/dL.", "E22"),
    ("ECOG was 0.9.", "E22"),
    ("The patient tolerated paclitaxel without reaction.", "E23"),
    ("The patient had hives with carboplatin.", "E23"),
    ("The patient tolerated carboplatin without hives.", "E23"),
    ("Lakeland wants Q5118 before Q5107.", "E24"),
    ("Lakeland wants J9035.", "E24"),
    ("Policy LKA-1 asks for PD-L1 of at least 50%.", "E25"),
    ("Policy LKA-1 asks for PD-L1 of at least 50% and prior platinum.", "E25"),
    ("Policy LKA-1 asks for PD-L1 of more than 50%.", "E25"),
    ("PD-L1 was at least 60%.", "E26"),
    ("PD-L1 was 22%.", "E26"),
    ("Coverage with Prairie ended on April 20, 2026.", "E27"),
    ("The drug is covered by Prairie.", "E27"),
    ("The payer verified the drug.", "E27"),
    ("Guidelines recommended mirvetuximab.", "E28"),
    ("Second opinion of 02/01/2026 advised surgery.", "E30"),
    ("The second opinion advised against chemotherapy.", "E30"),
    ("The patient had distant metastasis.", "E31"),
    ("Stage IIIB with positive distant node.", "E31"),
    ("The stage was IV.", "E31"),
    ("The weight was 66 kg on March 2, 2026.", "E32"),
    ("The weight was 40 kg.", "E32"),
    ("The rash resolved on March 2, 2026.", "E32"),
    ("Prednisone resolved.", "E32"),
    ('The chart states "Weight 70 kg on 03/02/2026" and "Rash resolved on 04/02/2026".', "E32"),
    ("The chart states 'Rash did not resolve'.", "E32"),
    ("The rash was 40 mg.", "E32"),
    ('Policy LKA-1 asks for "PD-L1 of at least 50%".', "E25"),
    ("Cascade Health Plan wants J9035 before Q5107.", "E15"),
    ('In its section Renewal, policy NSH-RX-118 asks for "one to three earlier systemic lines".', "E14"),
    ("The patient has one to three earlier systemic lines.", "E14"),
    ("PD-L1 TPS was < \u0661%.", "E13"),
    ("The patient received \uff14\uff10\uff10 mg on May 6, 2026.", "E7"),
    ("The patient received 4\u200b00 mg on May 6, 2026.", "E7"),
    ("The patient received 400 mg on May 6, 2026.", ""),
    ("The patient received 400 mg on May 6, 2026.", "E6"),
    ("The patient received 400 mg on May 6, 2026.", "E7 E6"),
    ("The patient received 400 mg on May 6, 2026.", "E7 E99"),
    ("The patient received 400 mg on May 6, 2026 [E7].", "E7"),
    ("On December 7, 1961 the patient progressed on carboplatin and paclitaxel.", "E6"),
)


FACTS = (
    Field(label="Patient", value="Marguerite Whitfield"),
    Field(label="Date of birth", value="1958-07-09"),
    Field(label="Date of service", value="2026-05-06"),
    Field(label="Service", value="J9063, 400 units"),
    Field(label="Amount denied", value="$16,000.00"),
    Field(label="Denial codes", value="CO-50 and N180"),
    Field(label="Remittance date", value="2026-05-22"),
)
VALUES = {"hcpcs": "J9063", "service_date": "2026-05-06", "denial_codes": "CO-50 and N180"}


def material(**changes: Any) -> LetterCase:
    made = case("criteria-met-in-chart-not-on-claim", "reconsideration")
    kept = {"evidence": EVIDENCE, "facts": FACTS, "values": VALUES, "tables": (), **changes}
    return made.model_copy(update=kept)


def sentence(text: str, ids: str, section: str = "clinical_history") -> ArgumentSentence:
    return ArgumentSentence.model_validate({"section": section, "text": text, "evidence": tuple(ids.split())})


@pytest.mark.parametrize(("text", "ids"), STANDS)
def test_what_the_cited_evidence_says_stands(text: str, ids: str) -> None:
    assert faults_of(sentence(text, ids), material()) == ()


@pytest.mark.parametrize(("text", "ids"), LIES)
def test_what_the_cited_evidence_does_not_say_is_struck(text: str, ids: str) -> None:
    assert faults_of(sentence(text, ids), material())


STANDING = CriteriaStanding(
    policy_id="NSH-RX-118",
    outcome="not_determinable",
    rows=(
        CriterionStanding(
            text="progression within 6 months after the last platinum dose",
            outcome="met", policy_evidence="E8", chart_evidence=("E6",), said="Progressed",
        ),
        CriterionStanding(
            text="one to three earlier systemic lines", outcome="not_determinable", policy_evidence="E14"
        ),
    ),
)  # fmt: skip
MET = 'The criterion "progression within 6 months after the last platinum dose" is met by "Progressed on carboplatin".'


def test_a_criterion_is_called_met_only_as_it_stands_and_by_what_answers_it() -> None:
    made = material(criteria=STANDING)
    assert faults_of(sentence(MET, "E8 E6", "criteria"), made) == ()
    assert faults_of(sentence(MET, "E8 E6", "criteria"), material())
    assert faults_of(sentence(MET.replace("is met", "is not met"), "E8 E6", "criteria"), made)
    assert faults_of(sentence("The criteria of policy NSH-RX-118 are met.", "E8", "criteria"), made)
    other = 'The criterion "one to three earlier systemic lines" is met by "Progressed on carboplatin".'
    assert faults_of(sentence(other, "E14 E6", "criteria"), made)
    wrong = MET.replace("Progressed on carboplatin", "Mother had ovarian cancer at 54")
    assert faults_of(sentence(wrong, "E8 E5", "criteria"), made)


def test_the_letter_holds_the_sentences_that_stand_and_no_other() -> None:
    good = sentence("The patient progressed on carboplatin and paclitaxel.", "E6")
    core = sentence("The payer approved 400 mg a dose of J9063.", "E10", "rebuttal")
    lie = sentence("The patient responded to mirvetuximab.", "E7")
    letter = argued(material(), (good, lie, core))
    text = " ".join(p.text for p in letter.paragraphs)
    assert "The patient progressed on carboplatin and paclitaxel [E6]." in text
    assert "a dose of J9063 [E10]." in text
    assert "responded" not in text
    assert verify(letter, EVIDENCE, letter.facts) == ()
    assert {p.written_by for p in letter.paragraphs} == {"wording", "model"}
    assert letter.paragraphs[0].heading == "What was denied"
    assert letter.paragraphs[-1].heading == "Request"


def test_an_argument_without_a_core_gives_way_to_the_wording_and_that_to_a_person() -> None:
    history = sentence("The patient progressed on carboplatin and paclitaxel.", "E6")
    whole = case("auth-units-mismatch", "reconsideration")
    assert argued(whole, (history,)) == compose(whole)
    with pytest.raises(LetterIncomplete):
        argued(material(), (history,))


def test_the_verifier_holds_what_a_person_wrote_into_a_letter() -> None:
    whole = case("auth-units-mismatch", "reconsideration")
    letter = compose(whole)
    right = Paragraph(heading="Request", text="The patient received 400 mg on March 16, 2026 [E6].")
    assert verify(edited(letter, letter), whole.evidence) == ()
    kept = edited(letter, letter.model_copy(update={"paragraphs": (*letter.paragraphs, right)}))
    assert kept.paragraphs[-1].written_by == "person"
    assert verify(kept, whole.evidence) == ()
    wrong = right.model_copy(update={"text": "The patient responded well to 400 mg on March 16, 2026 [E6]."})
    changed = edited(letter, letter.model_copy(update={"paragraphs": (*letter.paragraphs, wrong)}))
    assert {fault.kind for fault in verify(changed, whole.evidence)} == {"assertion"}


def test_a_sentence_ends_where_its_quotation_is_closed() -> None:
    text = 'The chart states "No fever. Eye exam clear." The order was for 400 mg.'
    assert sentences(text) == ('The chart states "No fever. Eye exam clear."', "The order was for 400 mg.")
    cut = single_sentences(sentence("The order stood. It was signed [E1].", "E7"))
    assert [one.text for one in cut] == ["The order stood.", "It was signed."]
