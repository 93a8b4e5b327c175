"""Fill a form from the letter it goes with; every value is held against the evidence as the letter is.

A field that cannot be filled stays blank and is named: never a guess, never a value cut off at the edge of its box.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Frozen, Practice
from tools.packet.forms.acroform import fill_pdf
from tools.packet.forms.form import Form, FormField
from tools.packet.letterhead import phone
from tools.packet.printing import day
from tools.packet.support import Support, support_of
from tools.packet.verification import administrative, unsupported_in

_SLOT = re.compile(r"\{(\w+)(?:\|(\w+))?\}")
_WHEN_SIGNED = frozenset({"signed_by", "signed_on"})
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class FilledField(Frozen):
    """A field as filled: its text, or whether its box is ticked; blank where it could not be."""

    field: str
    text: str = ""
    ticked: bool | None = None


class FilledForm(Frozen):
    """A filled form: a PDF, or for a form of ours its sections. `missing` and `required` are sentences for a person."""

    name: str
    note: str = ""
    pdf: bytes = b""
    sections: tuple[tuple[str, tuple[FilledField, ...]], ...] = ()
    missing: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


def slots_of(content: LetterContent, practice: Practice) -> dict[str, str]:
    """Return what a form may be filled with: the RE block by label, both parties, request, signer, days."""
    address = practice.address
    found = {re.sub(r"\W+", "_", fact.label.casefold()).strip("_"): fact.value for fact in content.facts}
    found |= {
        "practice_name": practice.name,
        "practice_street": address.street,
        "practice_city": address.city,
        "practice_state": address.state,
        "practice_zip": address.zip,
        "practice_phone": phone(practice.phone),
        "practice_fax": phone(practice.fax),
        "practice_npi": practice.billing_npi,
        "practice_tax_id": practice.tax_id,
        "billing_contact": practice.billing_contact,
        "payer_name": content.addressee.name,
        "payer_address": ", ".join(content.addressee.lines),
        "level": content.level,
        "letter": content.kind,
        "letter_date": content.date.isoformat(),
        "subject": content.subject,
        "request": content.ask,
        "reason": _reason(content),
        "signer_name": content.signature.name,
        "signer_role": content.signature.role,
        "signer_npi": content.signature.npi,
        "signed_by": content.signature.signed,
        "signed_on": content.signature.signed_on.isoformat() if content.signature.signed_on else "",
    }
    return {slot: value.strip() for slot, value in found.items() if value.strip()}


def _reason(content: LetterContent) -> str:
    """Return the first paragraph that answers the stated reason, its citations taken out."""
    headings = list(dict.fromkeys(paragraph.heading for paragraph in content.paragraphs))
    if len(headings) < 2:
        return ""
    texts = [p.text for p in content.paragraphs if p.heading == headings[-2]]
    return re.sub(r"\s?\[[A-Za-z][^\]]*\d[^\]]*\]", "", texts[0]) if texts else ""


def fill(form: Form, content: LetterContent, practice: Practice, evidence: Sequence[Evidence]) -> FilledForm:
    """Return the form filled for a letter; what could not be filled is blank and named."""
    slots = slots_of(content, practice)
    own = [practice.name, practice.address.street, practice.address.city, practice.address.state, practice.address.zip]
    own += [practice.tax_id, practice.billing_npi, practice.billing_contact]
    support = support_of(evidence, content.facts, (*administrative(content), *(text for text in own if text)))
    told = _Told(form.name)
    if form.pdf:
        filled = [_filled(one, slots, support, told) for one in form.fields]
        texts = {one.field: one.text for one in filled if one.text}
        ticks = {one.field: one.ticked for one in filled if one.ticked is not None}
        made = fill_pdf(form.pdf, texts, ticks)
        wanted = {one.field for one in form.fields if one.required}
        for field, why in made.blank.items():
            told.blank(field, why, required=field in wanted)
        return FilledForm(name=form.name, note=form.note, pdf=made.pdf, missing=told.missing, required=told.required)
    sections = tuple(
        (part.heading, tuple(_filled(one, slots, support, told) for one in part.fields)) for part in form.sections
    )
    return FilledForm(name=form.name, note=form.note, sections=sections, missing=told.missing, required=told.required)


class _Told:
    def __init__(self, form: str) -> None:
        self._form = form
        self._said: list[tuple[bool, str]] = []

    def blank(self, field: str, why: str, *, required: bool) -> None:
        self._said.append((required, f"The form {self._form!r} leaves {field!r} blank: {why}"))

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(says for _, says in self._said)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(says for required, says in self._said if required)


def _filled(field: FormField, slots: Mapping[str, str], support: Support, told: _Told) -> FilledField:
    applies = all(_holds(slot, values, slots) for slot, values in field.when.items())
    if field.check:
        return FilledField(field=field.field, ticked=applies)
    if not applies:
        return FilledField(field=field.field)
    wanted = [match[1] for match in _SLOT.finditer(field.value)]
    lacking = [slot for slot in wanted if slot not in slots]
    if lacking:
        # Who signed and when is written in when it is signed: until then the line is blank, and nothing is missing.
        if not set(lacking) <= _WHEN_SIGNED:
            told.blank(field.field, f"no value for {', '.join(lacking)}", required=field.required)
        return FilledField(field=field.field)
    text = " ".join(_SLOT.sub(lambda match: _printed(slots[match[1]], match[2] or "us"), field.value).split())
    faults = unsupported_in(text, support)
    if faults:
        why = f"{faults[0].text!r} {faults[0].says}"
        told.blank(field.field, why, required=field.required)
        return FilledField(field=field.field)
    return FilledField(field=field.field, text=text)


def _holds(slot: str, values: tuple[str, ...], slots: Mapping[str, str]) -> bool:
    value = slots.get(slot)
    return value is not None and (not values or value.casefold() in {one.casefold() for one in values})


def _printed(value: str, way: str) -> str:
    """Print a slot: dates as 03/16/2026 (`us`), March 16, 2026 (`words`) or as they are (`iso`); `plain` digits."""
    if way == "plain":
        return re.sub(r"\W", "", value)
    if way == "iso":
        return value
    return _ISO.sub(lambda match: _day(match[0], way), value)


def _day(text: str, way: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return day(found) if way == "words" else f"{found:%m/%d/%Y}"
