"""A form as data: for whom, with which letters, on which template, and what goes into each field."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from knowledge.types.letters import LetterKind
from knowledge.types.practice import Frozen, LineOfBusiness

OWN = Path(__file__).parent / "own"
MOST_BYTES = 20_000_000


class FormBroken(ValueError):
    """A form description cannot be used: which file, what was wrong, what to do."""


class FormField(Frozen):
    """One field: `field` is its name in the PDF, or its label on a form of ours.

    `value` is text with slots ("{member_id}", "{date_of_service|us}"); a `check` field is a box, ticked when `when`
    holds. `when` maps slots to the values they may have (none = any). `required`: blank, the form goes to a person.
    """

    field: str
    value: str = ""
    check: bool = False
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    required: bool = False

    @model_validator(mode="after")
    def _meant(self) -> Self:
        if self.check == bool(self.value):
            raise ValueError(f"field {self.field!r} is either a box (check: true) or has a value")
        return self


class FormSection(Frozen):
    """A part of a form of ours: its heading and its fields."""

    heading: str
    fields: tuple[FormField, ...]


class Form(Frozen):
    """A form. It is used with the letters and payers it names; empty `payers` and `lines_of_business` = with nobody.

    `template` is a PDF with fields beside the description, or the name of a form of ours; `pdf` its bytes.
    """

    form: Literal[1] = 1
    name: str
    payers: tuple[str, ...] = ()
    lines_of_business: tuple[LineOfBusiness, ...] = ()
    letters: tuple[LetterKind, ...] = ()
    template: str = ""
    note: str = ""
    fields: tuple[FormField, ...] = ()
    sections: tuple[FormSection, ...] = ()
    pdf: bytes = b""

    def meant_for(self, payer_id: str, line_of_business: LineOfBusiness, kind: LetterKind) -> bool:
        """Tell whether this form goes with a letter of this kind to this payer."""
        return kind in self.letters and self.of_payer(payer_id, line_of_business)

    def of_payer(self, payer_id: str, line_of_business: LineOfBusiness) -> bool:
        """Tell whether this form is one of this payer, whatever letter it goes with."""
        return payer_id in self.payers or line_of_business in self.lines_of_business


@cache
def own_forms() -> dict[str, Form]:
    """Return the forms of ours by name ("redetermination-request"); one is used only where a practice asks for it."""
    return {path.stem: _form(path, yaml.safe_load(path.read_text("utf-8"))) for path in sorted(OWN.glob("*.yaml"))}


def load_forms(folder: Path) -> tuple[Form, ...]:
    """Load a practice's forms, by file name; none where the folder is not there.

    Raises:
        FormBroken: a description or its template cannot be read, or names what there is not.
    """
    if not folder.is_dir():
        return ()
    return tuple(_placed(path) for path in sorted(folder.glob("*.yaml")))


def _placed(path: Path) -> Form:
    try:
        form = _form(path, yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FormBroken(f"{path.name}: {error}; correct the file") from error
    if form.template.casefold().endswith(".pdf"):
        return form.model_copy(update={"pdf": _template(path, form.template)})
    own = own_forms().get(form.template)
    if own is None:
        raise FormBroken(f"{path.name}: template {form.template!r} is no PDF and none of {', '.join(own_forms())}")
    if form.fields or form.sections:
        raise FormBroken(f"{path.name}: a form of ours brings its own fields; leave fields and sections out")
    return form.model_copy(update={"sections": own.sections, "note": form.note or own.note})


def _template(path: Path, name: str) -> bytes:
    if Path(name).name != name:
        raise FormBroken(f"{path.name}: template {name!r} must stand beside the description")
    try:
        data = (path.parent / name).read_bytes()
    except OSError as error:
        raise FormBroken(f"{path.name}: template {name!r} cannot be read ({error.strerror}); put it beside") from error
    if len(data) > MOST_BYTES:
        raise FormBroken(f"{path.name}: template {name!r} is larger than {MOST_BYTES // 1_000_000} MB")
    return data


def _form(path: Path, entry: Any) -> Form:
    if not isinstance(entry, dict) or "pdf" in entry:
        raise FormBroken(f"{path.name}: a form is a mapping with name, letters, payers, template, fields")
    try:
        return Form.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise FormBroken(f"{path.name}: {where}: {first['msg']}; correct it") from error
