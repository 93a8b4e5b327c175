"""What of a record goes with a letter: what it rests on, nothing of other patients, and what is kept back is said."""

import io
from datetime import date

import pikepdf
import pytest
import typst
from seed_letter import content, evidence

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, ExhibitPassage
from knowledge.types.practice import Authorization, CoverageSpan, Policy, PolicySection
from tools.chart.pdf_text import pdf_text
from tools.packet.enclosing import Records, enclose
from tools.packet.foreign import open_foreign
from tools.packet.necessary import PAGE_CHARACTERS, necessary
from tools.packet.packet import build_packet
from tools.packet.reading_back import page_texts

CITED = "Pembrolizumab 400 mg every 6 weeks"


def note(text: str, *quotes: str, **changes: object) -> Exhibit:
    passages = tuple(ExhibitPassage(quote=quote, evidence=f"E{n}") for n, quote in enumerate(quotes, start=1))
    one = Exhibit(key="chart:n", title="Note", source="DocumentReference/n", text=text, sheet=True, passages=passages)
    return one.model_copy(update=changes)


def long_note() -> str:
    filler = [f"History {n}.\nNothing of this visit matters here. " + "It was a quiet week. " * 40 for n in range(8)]
    return "\n\n".join(["NOTE\nPatient: Marguerite Whitfield", *filler, f"Plan\n{CITED}.", "Signed by Dana Ruiz MD"])


def test_a_short_note_goes_as_it_stands() -> None:
    text = f"NOTE\n\nShe is well.\n\n{CITED}."
    assert necessary(note(text, CITED)) == note(text, CITED)


def test_of_a_long_note_opening_cited_block_and_signature_go_and_the_rest_is_named() -> None:
    made = necessary(note(long_note(), CITED))
    assert len(long_note()) > PAGE_CHARACTERS
    for kept in ("Patient: Marguerite Whitfield", CITED, "Signed by Dana Ruiz MD", "left out"):
        assert kept in made.text
    assert "quiet week" not in made.text
    assert made.left_out == ("16 of its lines, which the letter does not rest on",)


def test_a_note_whose_passage_cannot_be_found_goes_whole() -> None:
    made = necessary(note(long_note(), CITED, "never written"))
    assert made.text == long_note()


def test_records_asked_for_by_name_go_whole() -> None:
    assert necessary(note(long_note(), CITED, whole=True)).text == long_note()


@pytest.mark.parametrize(
    ("secret", "named"),
    [
        ("HIV negative in 2019.", "HIV"),
        ("He attends a methadone clinic.", "substance use treatment (42 CFR Part 2)"),
        ("Psychotherapy continues weekly.", "psychotherapy"),
        ("Family history: mother with breast cancer.", "family and inherited genetics"),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_specially_protected_sentences_are_kept_back_and_named(secret: str, named: str, whole: bool) -> None:
    made = necessary(note(f"NOTE\n\nECOG 1. {secret} {CITED}.", CITED, whole=whole))
    assert secret not in made.text
    assert "ECOG 1." in made.text
    assert CITED in made.text
    assert made.left_out == (f"what it says of {named}",)


def test_a_protected_sentence_that_the_letter_rests_on_stays() -> None:
    text = "NOTE\n\nGermline BRCA1 variant confirmed. ECOG 1."
    assert necessary(note(text, "Germline BRCA1 variant confirmed")).text == text


def row(member: str, number: int) -> Authorization:
    return Authorization(
        auth_number="A-1",
        payer_id="CASC1",
        member_id=member,
        status="approved",
        hcpcs=("J9271",),
        decided_on=date(2026, 1, 2),
        source=f"auths/a.csv:{number}",
        raw=f"A-1,CASC1,{member},approved",
    )


def test_rows_of_another_member_under_the_same_authorization_never_appear() -> None:
    cited = Evidence(
        id="E1", kind="authorization", source="auths/a.csv:2", says="Authorization A-1", exhibit="auth:A-1"
    )
    (made,) = enclose((cited,), Records(authorizations=(row("CHP-OWN", 2), row("CHP-OTHER", 3))))
    assert "CHP-OWN" in made.model_dump_json()
    assert "CHP-OTHER" not in made.model_dump_json()


def test_coverage_rows_that_are_not_cited_never_appear() -> None:
    spans = tuple(
        CoverageSpan(payer_id="CASC1", member_id=m, source=f"c.csv:{n}", raw=m) for n, m in ((2, "A"), (3, "B-OTHER"))
    )
    cited = Evidence(id="E1", kind="coverage", source="c.csv:2", says="Covered", exhibit="coverage:c.csv:2")
    (made,) = enclose((cited,), Records(coverage=spans))
    assert "B-OTHER" not in made.model_dump_json()


def test_of_a_policy_the_cited_section_goes_and_the_others_are_named() -> None:
    policy = Policy(
        policy_id="P-1",
        title="Pembrolizumab",
        payer_id="CASC1",
        source="policies/p.md",
        sections=(
            PolicySection(heading="Criteria", text="Stage IV.", line=1),
            PolicySection(heading="Dosing", text="200 mg.", line=3),
        ),
    )
    cited = Evidence(
        id="E1", kind="policy", source="policies/p.md section Criteria", says="P-1 asks", exhibit="policy:P-1"
    )
    (made,) = enclose((cited,), Records(policy=policy))
    assert made.text == "Criteria\nStage IV."
    assert made.left_out == ("its sections not cited: Dosing",)


def pathology(found_on: int, pages: int = 4) -> bytes:
    said = "Final diagnosis: invasive adenocarcinoma of the lung, moderately differentiated."
    parts = [f"= Report page {n}\n#lorem(60)\n\n{said if n == found_on else ''}\n" for n in range(1, pages + 1)]
    made = typst.compile(b'#set page("us-letter")\n' + "#pagebreak()\n".join(parts).encode())
    assert isinstance(made, bytes)
    return made


QUOTE = "invasive adenocarcinoma of the lung, moderately differentiated"


def test_of_an_embedded_document_the_first_page_and_the_cited_page_go() -> None:
    foreign = open_foreign(pathology(3), [("E1", QUOTE)], whole=False)
    assert foreign.pages == (1, 3)
    assert foreign.found == {"E1": 1}
    assert open_foreign(pathology(3), [("E1", QUOTE)]).pages == (1, 2, 3, 4)
    assert open_foreign(pathology(3), [("E1", QUOTE), ("E2", "never written anywhere")], whole=False).pages == (
        1,
        2,
        3,
        4,
    )


def test_a_citation_leads_to_the_marked_page_of_the_embedded_document() -> None:
    one = note("", QUOTE, pdf=pathology(3), passages=(ExhibitPassage(quote=QUOTE, evidence="E4"),))
    packet = build_packet(content(), (one,), evidence())
    told = {finding.code: finding.says for finding in packet.findings}
    assert "its pages 2, 4 of 4" in told["left-out"]
    first = packet.first_pages["chart:n"]
    shown = "".join(" ".join(page_texts(packet.letter)).split())
    assert f"[Ex.1,p.{first + 2}]" in shown
    with pikepdf.open(io.BytesIO(packet.packet)) as pdf:
        marked = pdf.pages[first + 1].obj.Resources.XObject.Document
        assert b"1 0.93 0.67 rg" in marked.read_bytes() or any(
            b"1 0.93 0.67 rg" in form.read_bytes() for form in marked.Resources.XObject.values()
        )
        assert pdf.Root.MarkInfo.Marked
        assert "pdfaid:part" not in pdf.open_metadata()
    assert "moderately differentiated" in pdf_text(packet.packet)


def test_protected_matter_on_an_embedded_page_is_told() -> None:
    made = typst.compile(b"= Note\nHIV positive on antiretroviral therapy.\n\nDose given as ordered today.")
    assert isinstance(made, bytes)
    packet = build_packet(content(), (note("", "Dose given as ordered", pdf=made),), evidence())
    assert any(f.code == "protected-content" and "HIV" in f.says for f in packet.findings)
