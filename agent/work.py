"""What the steps hand on to each other through the records: one value a stage."""

from agent.model.asking import Usage
from knowledge.types.corrections import DiffRow
from knowledge.types.evidence import Evidence, Fact
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Frozen


class Investigation(Frozen):
    """Every fact established for a denial, and the evidence it rests on."""

    facts: tuple[Fact, ...]
    evidence: tuple[Evidence, ...]


class MadeFile(Frozen):
    """A file made for a denial: its path below the home, its sha256."""

    kind: str
    path: str
    sha256: str
    media_type: str


class Writing(Frozen):
    """What a model took to write a letter's argument: sentences it wrote, and those that stood by their evidence.

    `fault` is the kind of fault that ended the asking; empty = none.
    """

    model: str
    prompts: tuple[str, ...]
    calls: int
    usage: Usage
    sentences: int
    kept: int
    fault: str = ""


class Draft(Frozen):
    """The work product: the letter as data, the files, and what could not be made (`lacking`, in sentences).

    `missing` is what a further file needs that is not in the records: that file is not made, the rest stands.

    `writing` is there where a model was asked for the letter's argument. `ways` are the payer's wishes that learned
    rules told and that were carried out: which, and how; `forms` the forms added for one.
    """

    letter: LetterContent | None = None
    files: tuple[MadeFile, ...] = ()
    changes: tuple[DiffRow, ...] = ()
    lacking: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    writing: Writing | None = None
    ways: tuple[tuple[str, str], ...] = ()
    forms: tuple[str, ...] = ()


class Verified(Frozen):
    """What the finished letter says that its evidence does not; empty when every word stands."""

    unsupported: tuple[str, ...] = ()
