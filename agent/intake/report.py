"""What taking files in came to: each file's outcome, and everything noticed on the way."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal, Protocol

from knowledge.folder import FileKind
from knowledge.types.reading import ReadingFinding

Outcome = Literal[
    "new",  # taken in
    "known",  # was there already, nothing done
    "duplicate",  # another file said the same
    "conflict",  # taken in, but another remit of the same trace says something else
    "quarantined",  # kept, but nothing in it counts
]


class Progress(Protocol):
    """Is told, after each file, how many of them are done."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """Note that `name` is done, as number `done` of `total`."""
        ...


@dataclass(frozen=True)
class TakenFile:
    """One file and what became of it. `facts` counts what it holds (claims, rows, charts), 0 when not read."""

    kind: FileKind
    name: str
    outcome: Outcome
    facts: int = 0


@dataclass(frozen=True)
class IntakeReport:
    """What became of all files. Not `usable`: there is no practice to take anything in for; nothing was."""

    usable: bool
    practice_id: str | None = None
    files: tuple[TakenFile, ...] = ()
    findings: tuple[ReadingFinding, ...] = ()

    def count(self, outcome: Outcome, kind: FileKind | None = None) -> int:
        """Count files by outcome, of one kind or of all."""
        return sum(file.outcome == outcome and kind in (None, file.kind) for file in self.files)

    def counts(self) -> dict[FileKind, dict[Outcome, int]]:
        """Count files by kind and outcome, both sorted; what does not occur is left out."""
        counted = Counter((file.kind, file.outcome) for file in self.files)
        table: dict[FileKind, dict[Outcome, int]] = {}
        for kind, outcome in sorted(counted):
            table.setdefault(kind, {})[outcome] = counted[kind, outcome]
        return table
