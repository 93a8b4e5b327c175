"""Fill the fields of a payer's own PDF form, and read back that what stands there is what was meant."""

import io
from collections.abc import Mapping

import pikepdf
from pikepdf.form import CheckboxField, ChoiceField, Form, TextField

from knowledge.types.practice import Frozen
from tools.packet.forms.written import FACE, Box, add_face, written

_MULTILINE, _COMB = 1 << 12, 1 << 24

_FAULTS = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError)
"""What qpdf and its binding raise on a broken form."""


class FilledPdf(Frozen):
    """A filled PDF (empty when it could not be made), and the fields left blank with why."""

    pdf: bytes
    blank: dict[str, str]


def fill_pdf(template: bytes, texts: Mapping[str, str], ticks: Mapping[str, bool]) -> FilledPdf:
    """Return the template with its fields filled, always the same bytes for the same values.

    A text too long for its box is left out, never cut off or run over the edge.
    """
    blank: dict[str, str] = {}
    try:
        with pikepdf.open(io.BytesIO(template)) as pdf:
            if "/AcroForm" not in pdf.Root:
                return _nothing("the template has no fields", texts, ticks)
            if "/XFA" in pdf.Root.AcroForm:
                return _nothing("the template is an XFA form: save it as a plain PDF form", texts, ticks)
            face = add_face(pdf)
            form = Form(pdf)
            for name, text in texts.items():
                if why := _write(form, name, text, face):
                    blank[name] = why
            for name, ticked in ticks.items():
                if why := _tick(form, name, ticked):
                    blank[name] = why
            # Every field shows what was written for it: no reader may draw it anew in a face or size of its own.
            pdf.Root.AcroForm["/NeedAppearances"] = False
            buffer = io.BytesIO()
            pdf.save(buffer, deterministic_id=True)
        made = buffer.getvalue()
        for name, why in _changed(made, {n: t for n, t in texts.items() if n not in blank}).items():
            blank[name] = why
    except pikepdf.PasswordError:
        return _nothing("the template is locked with a password", texts, ticks)
    except _FAULTS as fault:
        return _nothing(f"the template cannot be filled ({fault})", texts, ticks)
    return FilledPdf(pdf=made, blank=blank)


def _nothing(why: str, texts: Mapping[str, str], ticks: Mapping[str, bool]) -> FilledPdf:
    return FilledPdf(pdf=b"", blank=dict.fromkeys((*texts, *ticks), why))


def _write(form: Form, name: str, text: str, face: pikepdf.Object) -> str:
    """Write one field; return why it stays blank, "" = written."""
    if name not in form:
        return "the template has no field of that name"
    field = form[name]
    if isinstance(field, ChoiceField):
        options = {str(option.display_value): str(option.display_value) for option in field.options}
        if text not in options:
            return f"{text!r} is none of its choices"
        field.value = text
        return ""
    if not isinstance(field, TextField):
        return "it is no text field"
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return f"{text!r} has characters the form's face does not have"
    if field.max_length is not None and len(text) > field.max_length:
        return f"{text!r} is longer than its {field.max_length} characters"
    widgets = [field.obj] if "/Rect" in field.obj else list(field.obj.get("/Kids", pikepdf.Array()))
    boxes = [_box(widget, field) for widget in widgets]
    streams = [written(box, text) for box in boxes]
    if not streams or None in streams:
        return f"{text[:40]!r} does not fit into its box"
    field.value = text
    for widget, box, stream in zip(widgets, boxes, streams, strict=True):
        shown = form._pdf.make_stream(stream or b"")
        shown.Type, shown.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        shown.BBox = pikepdf.Array([0, 0, round(box.width, 2), round(box.height, 2)])
        shown.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({f"/{FACE}": face}))
        widget.AP = pikepdf.Dictionary(N=shown)
    return ""


def _box(widget: pikepdf.Object, field: TextField) -> Box:
    left, bottom, right, top = (float(str(edge)) for edge in widget.Rect.as_list())
    cells = field.max_length if field.flags & _COMB else None
    return Box(abs(right - left), abs(top - bottom), multiline=bool(field.flags & _MULTILINE), cells=cells or 0)


def _tick(form: Form, name: str, ticked: bool) -> str:
    if name not in form:
        return "the template has no field of that name"
    field = form[name]
    if not isinstance(field, CheckboxField):
        return "it is no box to tick"
    field.checked = ticked
    return ""


def _changed(made: bytes, meant: Mapping[str, str]) -> dict[str, str]:
    """Read the filled form back: a field that holds anything but what was meant is named."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        form = Form(pdf)
        return {
            name: f"it reads back as {str(form[name].value)!r}"
            for name, text in meant.items()
            if str(form[name].value) != text
        }
