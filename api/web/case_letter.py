"""The letter as a page shows it: the blocks of its print in their order, citations as links to the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent, Table
from tools.packet.citations import MARKER, cited_ids
from tools.packet.printing import dates_in_words
from tools.packet.word.outline import Role, outline, table_rows


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph: words, or the ids of evidence it cites."""

    text: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One block of the letter. `rows` are those of a table, its heads first; `marked` is the cell that decides."""

    role: Role
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    marked: tuple[int, int] | None = None
    gap: bool = False


def letter_blocks(content: LetterContent) -> tuple[Block, ...]:
    """Return the letter from its first line to its last, as it is printed."""
    tables = {table_rows(table): table for table in content.tables}
    return tuple(
        Block(
            role=one.role,
            runs=runs_of(one.text) if one.role != "table" else (),
            rows=one.rows,
            marked=_marked(tables.get(one.rows)),
            gap=one.gap,
        )
        for one in outline(content)
    )


def runs_of(text: str) -> tuple[Run, ...]:
    """Cut a paragraph into words and citations; what a paragraph rests on as a whole is cited at its end."""
    out: list[Run] = []
    at = 0
    for found in MARKER.finditer(text):
        out.append(Run(text=text[at : found.start()]))
        out.append(Run(ids=cited_ids(found.group(0))))
        at = found.end()
    rest = text[at:]
    body, _, whole = rest.partition("[this paragraph:")
    out.append(Run(text=body.rstrip() if whole else rest))
    if whole:
        out.append(Run(ids=tuple(id_.strip() for id_ in whole.rstrip("] ").split(",") if id_.strip())))
    return tuple(run for run in out if run.text or run.ids)


def cited_in(content: LetterContent, evidence: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence a letter cites, in the order it is first cited."""
    every: list[str] = []
    for one in content.paragraphs:
        every += [*cited_ids(one.text), *one.evidence]
    every += [id_ for table in content.tables for id_ in table.evidence]
    return tuple(evidence[id_] for id_ in dict.fromkeys(every) if id_ in evidence)


def in_words(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return a table's cells with days written out, as in print."""
    return tuple(tuple(dates_in_words(cell) for cell in row) for row in rows)


def _marked(table: Table | None) -> tuple[int, int] | None:
    return (table.marked[0] + 1, table.marked[1]) if table is not None and table.marked else None
