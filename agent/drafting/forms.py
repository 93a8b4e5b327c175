"""The payer's forms that go before a letter: those a practice keeps in HOME/forms, filled from the finished letter."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from agent.diagnosis.case import Case
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from tools.packet.forms import FilledForm, FormBroken, fill, load_forms

FOLDER = "forms"
"""Below a home: `*.yaml` descriptions and the PDFs they name. The practice folder itself is fixed by the contract."""


def forms_for(
    home: Path, case: Case, content: LetterContent, evidence: Sequence[Evidence]
) -> tuple[tuple[FilledForm, ...], tuple[str, ...]]:
    """Return the filled forms for a letter, and what a person must do before it can go: fill in, mend a description."""
    if case.payer is None:
        return (), ()
    try:
        forms = load_forms(home / FOLDER)
    except FormBroken as fault:
        return (), (f"A form in {FOLDER} cannot be used: {fault}",)
    payer = case.payer
    wanted = [one for one in forms if one.meant_for(payer.id, payer.line_of_business, content.kind)]
    filled = tuple(fill(one, content, case.practice, evidence) for one in wanted)
    lacking = [says for one in filled for says in one.required]
    lacking += [f"The form {one.name!r} could not be filled" for one in filled if not one.pdf and not one.sections]
    return filled, tuple(dict.fromkeys(lacking))


def forms_print(home: Path) -> str:
    """Return what the forms of a home are, in a few characters: a case is made again when they change; "" = none."""
    folder = home / FOLDER
    if not folder.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.casefold() in (".yaml", ".pdf")):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()[:16]
