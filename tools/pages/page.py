"""Typeset a page for the file: a heading, facts, sections of paragraphs and tables, and where it all stands written."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from knowledge.types.letters import Field, Table
from knowledge.types.practice import Frozen
from tools.packet.printing import dates_in_words
from tools.pages.typeset import typeset_page

_NARROW, _WIDE = 5, 60


class PageSection(Frozen):
    """A part of the page under a heading: paragraphs, then points, then a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


class Page(Frozen):
    """A page as data. `marks` stands in the corner ("For the file"), `foot` at the bottom of every sheet."""

    title: str
    sender: str
    marks: str
    day: date
    facts: tuple[Field, ...]
    lead: str
    sections: tuple[PageSection, ...]
    foot: str


def render_page(page: Page) -> bytes:
    """Return the page as PDF/A-2a and PDF/UA-1, byte-identical for identical input. Raises TypesettingError."""
    return typeset_page("pages/page.typ", _data(page), page.day)


def _data(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "sender": page.sender,
        "marks": page.marks,
        "facts": [{"label": fact.label, "value": dates_in_words(fact.value)} for fact in page.facts],
        "lead": dates_in_words(page.lead),
        "sections": [_section(section) for section in page.sections],
        "foot": page.foot,
    }


def _section(section: PageSection) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": [dates_in_words(text) for text in section.paragraphs],
        "points": [dates_in_words(text) for text in section.points],
        "table": _table(section.table) if section.table is not None else None,
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [[dates_in_words(cell) for cell in row] for row in table.rows]
    return {
        "title": table.title,
        "columns": list(table.columns),
        "rows": rows,
        "widths": [_width([table.columns[x], *(row[x] for row in rows)]) for x in range(len(table.columns))],
        "numeric": [False] * len(table.columns),
        "marked": list(table.marked) if table.marked else None,
        "cite": [],
    }


def _width(cells: Sequence[str]) -> float:
    """Return a column's share: by its longest cell, and no narrower than its longest word."""
    longest = max(len(cell) for cell in cells)
    word = max((len(word) for cell in cells for word in cell.split()), default=_NARROW)
    return float(max(_NARROW, min(longest, _WIDE) ** 0.8, min(word, _WIDE) * 0.8))
