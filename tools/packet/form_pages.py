"""Forms as the first pages of a packet: one of ours as template data, a payer's own as pages to lay in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from tools.packet.foreign import ForeignPdfRefused, open_foreign
from tools.packet.forms import FilledForm
from tools.packet.told import PacketFinding


@dataclass(frozen=True)
class PlacedForm:
    """A form ready for the template, the labels of its frames, and the document whose pages go into them."""

    data: dict[str, Any]
    frames: tuple[str, ...] = ()
    document: pikepdf.Pdf | None = None


def place_forms(forms: Sequence[FilledForm]) -> tuple[list[PlacedForm], list[PacketFinding]]:
    """Return the forms to lay out, and what is to be said of them: fields left blank, forms that cannot be laid in."""
    placed, findings = [], []
    for number, form in enumerate(forms, start=1):
        findings += [PacketFinding(code="form-field-blank", exhibit=form.name, says=says) for says in form.missing]
        data: dict[str, Any] = {"name": form.name, "note": form.note, "target": f"form:{number}", "frames": []}
        data["sections"] = [
            {"heading": heading, "fields": [one.model_dump() for one in fields]} for heading, fields in form.sections
        ]
        if form.sections:
            placed.append(PlacedForm(data))
            continue
        try:
            foreign = open_foreign(form.pdf)
        except ForeignPdfRefused as refusal:
            says = f"The form {form.name!r}: {refusal} Fill it in by hand."
            findings.append(PacketFinding(code="form-not-filled", exhibit=form.name, says=says))
            continue
        frames = tuple(f"form:{number}:{page}" for page in foreign.pages)
        placed.append(PlacedForm({**data, "frames": list(frames)}, frames, foreign.document))
        says = f"The form {form.name!r} is the payer's own PDF: the packet is not claimed to be PDF/A or PDF/UA."
        findings.append(PacketFinding(code="not-archival", exhibit=form.name, says=says))
    return placed, findings
