"""Every development letter has what a reviewer needs: one of each remedy, category and line of business."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.decision import decide
from agent.diagnosis.case import Case
from agent.diagnosis.diagnose import diagnose
from agent.diagnosis.tables import DOSE_CAUSES, FIELD_CAUSES
from agent.drafting.clinical_history import CLINICAL, HEADING, history_evidence, with_history
from agent.drafting.letters import KINDS, addressee, letter_case, letter_evidence, letter_facts
from agent.office import Office
from evals.labels import PRACTICES
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase, LetterContent, Paragraph, Party, Signature
from tools.packet.citations import cited_ids
from tools.packet.composing import LetterIncomplete, compose
from tools.packet.law import stray_law
from tools.packet.verification import verify

DEVELOPMENT = ("cedar", "birch", "alder", "dogwood", "elm", "hawthorn", "linden")
ARGUED = ("reconsideration", "appeal")
Letter = tuple[LetterCase, LetterContent, tuple[Evidence, ...], str, str]


def letters(practice: str, home: Path) -> Iterator[Letter]:
    """Compose one letter of each remedy, category and line of business in a practice, without files."""
    seen = set()
    with Office.open(home, lambda: datetime(2026, 6, 1, tzinfo=UTC)) as office:
        report = office.take_folder(PRACTICES / practice / "folder")
        assert report.practice_id is not None
        with office.at_desk(report.practice_id) as desk:
            for denial in desk.casebook.examination.denials:
                inquiry = desk.inquiry(denial.denial_id)
                found = diagnose(inquiry, desk.catalogue)
                case = inquiry.case
                if found.root_cause == "unknown" or case.payer is None:
                    continue
                decision = decide(case, found, desk.as_of)
                business = case.payer.line_of_business
                for remedy in (decision.remedy, decision.then):
                    key = (remedy, found.category, business)
                    if remedy not in KINDS or key in seen or not addressee(case, found, remedy):
                        continue
                    cause = desk.catalogue.get(found.root_cause)
                    material = letter_case(case, cause, found, KINDS[remedy], remedy, desk.as_of)
                    try:
                        content = compose(material)
                    except LetterIncomplete:
                        continue  # no letter is made: the case goes to a person
                    content, _ = with_history(content, case, found)
                    seen.add(key)
                    evidence = letter_evidence(case, found)
                    assert not verify(content, evidence, letter_facts(case, found, remedy))
                    yield material, content, evidence, found.category, cause.signer


@pytest.fixture(scope="module", params=DEVELOPMENT)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Letter]:
    return list(letters(request.param, tmp_path_factory.mktemp(request.param)))


def test_there_are_letters_to_look_at(written: list[Letter]) -> None:
    assert len(written) >= 4


def test_every_letter_says_to_whom_at_which_level_and_by_which_channel(written: list[Letter]) -> None:
    for material, content, *_ in written:
        assert content.addressee.name == material.payer_name
        assert content.addressee.lines
        if content.kind in ARGUED:
            assert content.level
        if material.send_fax or material.send_portal or material.send_to:
            assert content.channel


def test_every_letter_names_patient_claim_service_and_the_denial_as_received(written: list[Letter]) -> None:
    for material, content, *_ in written:
        labels = {fact.label for fact in content.facts}
        assert {
            "Patient",
            "Member ID",
            "Our claim number",
            "Amount denied" if content.kind != "other_payer_notice" else "Patient",
        } <= labels
        codes = next(fact.value for fact in content.facts if fact.label in ("Denial codes", "First plan codes"))
        assert re.search(r"\b(CO|PR|OA|PI|CR)-[A-Z]?\d+", codes)
        assert {"Remittance date", "First plan remittance"} & labels
        assert material.practice_npi in " ".join(content.sender.lines)
        assert material.practice_tax_id in " ".join(content.sender.lines)


def test_every_letter_asks_one_thing_in_one_sentence(written: list[Letter]) -> None:
    for _, content, *_ in written:
        assert re.match(r"We (ask|send)", content.ask), content.ask
        assert content.ask.endswith(".")
        assert not re.search(r"[.!?] [A-Z]", content.ask), content.ask


def test_an_appeal_answers_the_reason_stated(written: list[Letter]) -> None:
    for _, content, *_ in written:
        if content.kind in ARGUED:
            headings = list(dict.fromkeys(paragraph.heading for paragraph in content.paragraphs))
            assert len(headings) >= 3, (content.subject, headings)


def test_letters_about_the_dose_carry_its_table_and_those_about_criteria_or_fields_theirs(
    written: list[Letter],
) -> None:
    for material, content, *_ in written:
        if material.root_cause in DOSE_CAUSES | FIELD_CAUSES and content.kind in (*ARGUED, "reopening"):
            assert content.tables, content.subject
            assert all(table.evidence for table in content.tables)


def test_every_paragraph_that_states_a_fact_cites_what_an_exhibit_can_show(written: list[Letter]) -> None:
    for _, content, evidence, *_ in written:
        known = {item.id for item in evidence}
        cited = {id_ for p in content.paragraphs for id_ in (*p.evidence, *cited_ids(p.text))}
        assert cited
        assert cited <= known


def test_the_right_person_signs(written: list[Letter]) -> None:
    for _, content, _, _, signer in written:
        physician = content.signature.role == "Treating physician"
        assert physician == (signer == "physician")
        assert physician or content.signature.name
        assert content.contact


def test_law_stands_only_where_it_holds(written: list[Letter]) -> None:
    for _, content, evidence, *_ in written:
        law = {item.id for item in evidence if item.kind == "authority"}
        for paragraph in content.paragraphs:
            cited = [item for item in evidence if item.id in (*paragraph.evidence, *cited_ids(paragraph.text))]
            assert not list(stray_law(paragraph.text, cited))
        if content.kind == "appeal" and content.level.startswith("Redetermination"):
            assert law & {id_ for p in content.paragraphs for id_ in p.evidence}


def test_a_clinical_letter_has_its_history_each_sentence_from_one_entry_of_the_chart(written: list[Letter]) -> None:
    for _, content, evidence, category, _ in written:
        told = [paragraph for paragraph in content.paragraphs if paragraph.heading == HEADING]
        assert len(told) <= (1 if category in CLINICAL and content.kind in ARGUED else 0)
        by_id = {item.id: item for item in evidence}
        for paragraph in told:
            marks = re.findall(r"\[([^\]]+)\]\.", paragraph.text)
            assert tuple(marks) == paragraph.evidence, "one piece of evidence a sentence"
            assert {by_id[mark].kind for mark in marks} == {"chart"}
            quotes = re.findall(r'"([^"]*)"', paragraph.text)
            assert quotes == [by_id[mark].quote for mark in marks if by_id[mark].quote], "verbatim"
            assert not re.search(r"\b(?:years? old|yo|male|female|born)\b", paragraph.text)
            assert content.paragraphs[0].heading != HEADING, "behind the opening"


def test_what_is_specially_protected_or_already_said_is_not_said_in_the_history(
    birch_case: tuple[Case, Diagnosis],
) -> None:
    case, found = birch_case
    assert case.chart is not None
    plain = [item.says for item in history_evidence(case, found)]
    assert plain[0].startswith("Diagnosis: Intrahepatic cholangiocarcinoma (C22.1)")
    assert any("Line of therapy as charted" in says for says in plain)
    order = next(one for one in case.chart.orders if one.drug == "zanidatamab")
    secret = order.model_copy(update={"text": "20 mg/kg IV; HIV positive, on bictegravir"})
    orders = tuple(secret if one is order else one for one in case.chart.orders)
    hidden = replace(case, chart=case.chart.model_copy(update={"orders": orders}))
    assert not any("HIV" in item.says for item in history_evidence(hidden, found))
    said = blank_letter('The record reads: "Stage IV" [E1].')
    made, note = with_history(said, case, found)
    (history,) = [paragraph.text for paragraph in made.paragraphs if paragraph.heading == HEADING]
    assert "Stage IV" not in history
    assert note == ()


def test_what_the_chart_does_not_state_is_left_out_and_named(birch_case: tuple[Case, Diagnosis]) -> None:
    case, found = birch_case
    assert case.chart is not None
    silent = case.chart.model_copy(update={"prior_treatments": (), "documents": (), "doses": (), "orders": ()})
    made, note = with_history(blank_letter("The service was denied [E1]."), replace(case, chart=silent), found)
    (history,) = [paragraph.text for paragraph in made.paragraphs if paragraph.heading == HEADING]
    assert history.count("[H") == 2
    assert note == (
        "Clinical history: the chart does not state plainly: line of therapy, earlier treatment, response to it, "
        "current regimen",
    )
    without = with_history(blank_letter("The service was denied [E1]."), replace(case, chart=None), found)
    assert without == (blank_letter("The service was denied [E1]."), ())


def blank_letter(text: str) -> LetterContent:
    party = Party(name="Larkspur")
    return LetterContent(
        kind="appeal", denial_id="den_1", date=date(2026, 6, 1), sender=party, addressee=party, subject="Appeal",
        facts=(), ask="Please pay.", paragraphs=(Paragraph(heading="The denial", text=text, evidence=("E1",)),),
        signature=Signature(name="Dana Ruiz", role="Treating physician"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def birch_case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Diagnosis]:
    """One clinical denial with its chart: a second line after progression."""
    root, birch = tmp_path_factory.mktemp("history"), PRACTICES / "birch" / "folder"
    claim = next(path for path in (birch / "claims").iterdir() if b"BR60519D" in path.read_bytes())
    remit = next(path for path in (birch / "remits").iterdir() if b"BR60519D" in path.read_bytes())
    for part in (
        birch / "practice.yaml",
        birch / "payers.yaml",
        claim,
        remit,
        birch / "charts" / "br21377-dubois.json",
    ):
        to = root / "folder" / part.relative_to(birch)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(part, to)
    with Office.open(root / "home", lambda: datetime(2026, 7, 31, tzinfo=UTC)) as office:
        practice_id = office.take_folder(root / "folder").practice_id
        assert practice_id is not None
        with office.at_desk(practice_id) as desk:
            denial = next(one for one in desk.casebook.denials.values() if one.remit.claim_id == "BR60519D")
            found = diagnose(desk.inquiry(denial.denial_id), desk.catalogue)
            return desk.casebook.case(denial.denial_id), found.model_copy(update={"category": "non_covered"})
