"""The payer's forms that go before a letter: those a practice keeps in HOME/forms, filled from the finished letter."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from agent.diagnosis.case import Case
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from tools.packet.forms import FilledForm, FormBroken, fill, load_forms

FOLDER = "forms"
"""Below a home: `*.yaml` descriptions and the PDFs they name. The practice folder itself is fixed by the contract."""


def forms_for(
    home: Path, case: Case, content: LetterContent, evidence: Sequence[Evidence], asked: Sequence[str] = ()
) -> tuple[tuple[FilledForm, ...], tuple[str, ...]]:
    """Return the filled forms for a letter, and what a person must do before it can go: fill in, mend a description.

    They are those described as meant for such a letter, and those of the payer that are `asked` for by name.
    """
    if case.payer is None:
        return (), ()
    try:
        forms = load_forms(home / FOLDER)
    except FormBroken as fault:
        return (), (f"A form in {FOLDER} cannot be used: {fault}",)
    payer = case.payer
    named = {_squeezed(name) for name in asked}
    wanted = [
        one
        for one in forms
        if one.meant_for(payer.id, payer.line_of_business, content.kind)
        or (_squeezed(one.name) in named and one.of_payer(payer.id, payer.line_of_business))
    ]
    filled = tuple(fill(one, content, case.practice, evidence) for one in wanted)
    lacking = [says for one in filled for says in one.required]
    lacking += [f"The form {one.name!r} could not be filled" for one in filled if not one.pdf and not one.sections]
    return filled, tuple(dict.fromkeys(lacking))


def form_named(home: Path, case: Case, wanted: str) -> str:
    """Return the name of the payer's form that is called so among those of a home; "" where there is none."""
    if case.payer is None:
        return ""
    try:
        forms = load_forms(home / FOLDER)
    except FormBroken:
        return ""  # that it cannot be used is told where the letter's forms are filled
    own = [one for one in forms if one.of_payer(case.payer.id, case.payer.line_of_business)]
    found = [one.name for one in own if _squeezed(one.name) == _squeezed(wanted)]
    return found[0] if len(found) == 1 else ""


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def forms_print(home: Path) -> str:
    """Return what the forms of a home are, in a few characters: a case is made again when they change; "" = none."""
    folder = home / FOLDER
    if not folder.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.casefold() in (".yaml", ".pdf")):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()[:16]
