"""Fill the fields of a payer's own PDF form, and read back that what stands there is what was meant."""

import io
from collections.abc import Mapping

import pikepdf
from pikepdf.form import CheckboxField, ChoiceField, ExtendedAppearanceStreamGenerator, Form, TextField

from knowledge.types.practice import Frozen

# Share of the font size that a letter of the form's face is wide, on average and on the safe side.
_WIDE = 0.56
_LINE = 1.25
_SIZE, _SMALLEST = 10.0, 5.5
_MULTILINE = 1 << 12
_FACE = "OvtHelv"

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
            _add_face(pdf)
            form = Form(pdf, ExtendedAppearanceStreamGenerator)
            for name, text in texts.items():
                if why := _write(form, name, text):
                    blank[name] = why
            for name, ticked in ticks.items():
                if why := _tick(form, name, ticked):
                    blank[name] = why
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


def _write(form: Form, name: str, text: str) -> str:
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
    if not text.isascii():
        try:
            text.encode("cp1252")
        except UnicodeEncodeError:
            return f"{text!r} has characters the form's face does not have"
    if field.max_length is not None and len(text) > field.max_length:
        return f"{text!r} is longer than its {field.max_length} characters"
    size = _size_that_fits(field, text)
    if size is None:
        return f"{text[:40]!r} does not fit into its box"
    field.obj.DA = pikepdf.String(f"/{_FACE} {size:g} Tf 0 g")
    for widget in field.obj.get("/Kids", pikepdf.Array()):
        widget.DA = field.obj.DA
    field.value = text
    return ""


def _size_that_fits(field: TextField, text: str) -> float | None:
    """Return the largest size, from 10 points down, at which the text stays inside every box of the field."""
    boxes = [field.obj] if "/Rect" in field.obj else list(field.obj.get("/Kids", pikepdf.Array()))
    if not boxes:
        return None
    size = _SIZE
    while size >= _SMALLEST:
        if all(_fits(box.Rect, text, size, multiline=bool(field.flags & _MULTILINE)) for box in boxes):
            return size
        size -= 0.5
    return None


def _fits(rect: pikepdf.Object, text: str, size: float, *, multiline: bool) -> bool:
    left, bottom, right, top = (float(edge) for edge in rect)
    width, height = abs(right - left) - 4, abs(top - bottom)
    per_line = int(width / (size * _WIDE))
    if not multiline:
        return len(text) <= per_line and size * 1.1 <= height
    if any(len(word) > per_line for word in text.split()):
        return False
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > per_line:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines * size * _LINE <= height - 2


def _add_face(pdf: pikepdf.Pdf) -> None:
    """Add a plain face to the form's own: what is written must not depend on what the form happens to carry."""
    root = pdf.Root.AcroForm
    if "/DR" not in root:
        root["/DR"] = pikepdf.Dictionary()
    if "/Font" not in root.DR:
        root.DR["/Font"] = pikepdf.Dictionary()
    face = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    root.DR.Font[f"/{_FACE}"] = pdf.make_indirect(face)


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
