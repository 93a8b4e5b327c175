"""Payers' forms: filled from the letter, held against its evidence, blank and told where they cannot be."""

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from form_pdf import form_pdf
from seed_letter import content, evidence, exhibits

from knowledge.types.letters import Field, LetterContent
from knowledge.types.practice import Address, Practice
from tools.chart.pdf_text import pdf_text
from tools.packet.forms import FilledForm, Form, FormBroken, FormField, fill, load_forms, own_forms
from tools.packet.packet import build_packet

PRACTICE = Practice(
    name="Cedar Oncology Associates",
    tax_id="841234567",
    billing_npi="1999999992",
    address=Address(street="12 Main St", city="Denver", state="CO", zip="80202"),
    phone="3035550100",
    billing_contact="Billing Office",
)


def letter() -> LetterContent:
    base = content()
    more = (Field(label="Service", value="J9271-JZ, 400 units"), Field(label="Remittance date", value="2026-03-27"))
    return base.model_copy(update={"facts": (*base.facts, *more)})


def pdf_form(*fields: FormField, data: bytes | None = None) -> Form:
    return Form(name="Dispute form", letters=("reconsideration",), fields=fields, pdf=data or form_pdf())


def filled(*fields: FormField, data: bytes | None = None) -> FilledForm:
    return fill(pdf_form(*fields, data=data), letter(), PRACTICE, evidence())


def values(pdf: bytes) -> dict[str, str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {str(one.T): str(one.get("/V", "")) for one in document.Root.AcroForm.Fields}


def test_text_and_boxes_of_a_payers_form_are_filled() -> None:
    made = filled(
        FormField(field="Member ID", value="{member_id}", required=True),
        FormField(field="Reason", value="{request}"),
        FormField(field="NPI", value="{practice_npi}"),
        FormField(field="Box1", check=True, when={"letter": ("reconsideration",)}),
    )
    assert made.missing == ()
    held = values(made.pdf)
    assert held["Member ID"] == "CHP448120917"
    assert held["NPI"] == "1999999992"
    assert held["Box1"] == "/Yes"
    assert held["Reason"].startswith("We ask that Cascade Health Plan")


def test_a_box_whose_condition_does_not_hold_stays_unticked() -> None:
    assert values(filled(FormField(field="Box1", check=True, when={"letter": ("appeal",)})).pdf)["Box1"] == "/Off"


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (FormField(field="Member Name", value="{web_site}", required=True), "no value for web_site"),
        (FormField(field="Member Name", value="claim 99887766 of {patient}", required=True), "99887766"),
        (FormField(field="Tiny", value="{practice_name}", required=True), "does not fit"),
        (FormField(field="Nowhere", value="{member_id}", required=True), "no field of that name"),
        (FormField(field="NPI", value="{practice_npi}0", required=True), "does not stand in the evidence"),
        (FormField(field="Box1", value="{member_id}", required=True), "no text field"),
    ],
)
def test_what_cannot_be_filled_stays_blank_and_is_told(field: FormField, why: str) -> None:
    made = filled(field)
    assert len(made.required) == 1
    assert why in made.required[0]
    assert all(value in ("", "/Off") for value in values(made.pdf).values())


def test_what_need_not_be_filled_is_told_and_holds_nothing_up() -> None:
    made = filled(FormField(field="Member Name", value="{web_site}"))
    assert made.required == ()
    assert len(made.missing) == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7 rubbish", b"", form_pdf(xfa=True)], ids=["rubbish", "empty", "xfa"])
def test_a_template_that_cannot_be_filled_is_no_form(data: bytes) -> None:
    form = Form(name="F", letters=("reconsideration",), fields=(FormField(field="Member ID", value="{member_id}"),))
    made = fill(form.model_copy(update={"pdf": data or b" "}), letter(), PRACTICE, evidence())
    assert made.pdf == b""
    assert made.missing
    packet = build_packet(letter(), exhibits(), evidence(), (made,))
    assert "form-not-filled" in {finding.code for finding in packet.findings}


def test_a_payers_form_comes_first_and_shows_its_values() -> None:
    made = filled(FormField(field="Member ID", value="{member_id}"))
    packet = build_packet(letter(), exhibits(), evidence(), (made,))
    assert packet.pages == build_packet(letter(), exhibits(), evidence()).pages + 1
    with pikepdf.open(io.BytesIO(packet.packet)) as pdf:
        first = pikepdf.new()
        first.pages.append(pdf.pages[0])
        buffer = io.BytesIO()
        first.save(buffer)
        with pdf.open_outline() as outline:
            assert outline.root[0].title == "Dispute form"
    shown = pdf_text(buffer.getvalue())
    assert "CHP448120917" in shown
    assert "-000001" in shown


def test_forms_of_ours_are_filled_whole_and_keep_the_packet_archival() -> None:
    for name, form in own_forms().items():
        made = fill(form, letter(), PRACTICE, evidence())
        assert made.required == (), name
        with pikepdf.open(io.BytesIO(build_packet(letter(), exhibits(), evidence(), (made,)).packet)) as pdf:
            assert pdf.open_metadata()["pdfaid:part"] == "2"


def test_a_letter_before_which_a_form_goes_is_numbered_after_it() -> None:
    made = fill(own_forms()["provider-dispute"], letter(), PRACTICE, evidence())
    shown = pdf_text(build_packet(letter(), exhibits(), evidence(), (made,)).letter)
    assert "Page 2 of" in shown
    assert "Page 1 of" not in shown


def test_who_signed_stands_on_the_form_only_once_it_is_signed() -> None:
    form = own_forms()["provider-dispute"]
    draft = fill(form, letter(), PRACTICE, evidence())
    signature = letter().signature.model_copy(
        update={"signed": "Signed by Dana Ruiz MD", "signed_on": date(2026, 5, 4)}
    )
    final = fill(form, letter().model_copy(update={"signature": signature}), PRACTICE, evidence())
    assert "Signed by" not in draft.model_dump_json()
    assert not any("Signature" in says for says in draft.missing)
    assert "Signed by Dana Ruiz MD" in final.model_dump_json()
    assert "05/04/2026" in final.model_dump_json()


def test_same_form_gives_the_same_bytes() -> None:
    field = FormField(field="Member ID", value="{member_id}")
    assert filled(field).pdf == filled(field).pdf


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a list", "a form is a mapping"),
        ("name: x\nletters: [reconsideration]\ntemplate: ../secret.pdf", "beside the description"),
        ("name: x\nletters: [reconsideration]\ntemplate: gone.pdf", "cannot be read"),
        ("name: x\nletters: [reconsideration]\ntemplate: none-of-ours", "none of"),
        ("name: x\nletters: [billet-doux]\ntemplate: provider-dispute", "letters"),
        ("name: [", "correct the file"),
    ],
)
def test_a_broken_description_says_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "one.yaml").write_text(text)
    with pytest.raises(FormBroken, match=why):
        load_forms(tmp_path)


def test_a_form_goes_with_the_payers_and_letters_it_names_alone(tmp_path: Path) -> None:
    (tmp_path / "f.pdf").write_bytes(form_pdf())
    (tmp_path / "f.yaml").write_text("name: F\nletters: [appeal]\npayers: [CASC1]\ntemplate: f.pdf\n")
    (form,) = load_forms(tmp_path)
    assert form.meant_for("CASC1", "commercial", "appeal")
    assert not form.meant_for("CASC1", "commercial", "reconsideration")
    assert not form.meant_for("OTHER", "commercial", "appeal")
    assert load_forms(tmp_path / "nothing") == ()
