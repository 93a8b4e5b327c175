"""The letter as template data, and rendered alone."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, LetterContent, Paragraph, Table
from tools.packet.citations import Citation, citation_runs, exhibit_target, resolve, runs
from tools.packet.printing import dates_in_words, day
from tools.packet.typesetting import typeset

# Figures are set to the right; an identifier of many digits (NDC, claim number) is no figure.
_NUMERIC = re.compile(r"^(?!\d{8})[-–$]*[\d.,]+(?:\s?(?:mg|mcg|mL|units?|%|kg))?$")
# The rows of the RE block a reader's eye must find at once.
_STRONG = re.compile(r"claim number|amount denied|denied amount|denial code|authorization", re.IGNORECASE)


def bates_prefix(denial_id: str) -> str:
    """Return the prefix of page numbers for one denial: "OVT-" and up to eight of its letters and digits."""
    return "OVT-" + (re.sub(r"[^A-Za-z0-9]", "", denial_id).upper()[-8:] or "0")


def table_data(table: Table, places: Mapping[str, Citation]) -> dict[str, Any]:
    """Return a table for the template: column widths by what they hold, figures to the right, marked cell."""
    columns = range(len(table.columns))
    cells = [[dates_in_words(row[x]) if x < len(row) else "" for x in columns] for row in table.rows]
    longest = [max([len(table.columns[x]), *(len(row[x]) for row in cells)]) for x in columns]
    filled = [[row[x] for row in cells if row[x] not in ("", "–", "-")] for x in columns]
    numeric = [bool(column) and all(_NUMERIC.match(cell) for cell in column) for column in filled]
    cite = [run["cite"] for run in citation_runs(table.evidence, places) if "cite" in run]
    return {
        "title": dates_in_words(table.title),
        "columns": [dates_in_words(column) for column in table.columns],
        "rows": cells,
        "widths": [
            min(max(width, 6), 80) ** 0.75 * (0.7 if figures else 1)
            for width, figures in zip(longest, numeric, strict=True)
        ],
        "numeric": numeric,
        "marked": list(table.marked) if table.marked else None,
        "cite": cite[0] if cite else [],
    }


def _sections(content: LetterContent, places: Mapping[str, Citation]) -> list[dict[str, Any]]:
    grouped: list[tuple[str, list[Paragraph]]] = []
    for paragraph in content.paragraphs:
        if grouped and paragraph.heading in ("", grouped[-1][0]):
            grouped[-1][1].append(paragraph)
        else:
            grouped.append((paragraph.heading, [paragraph]))
    headings = [heading for heading, _ in grouped]
    fallback = headings[min(1, len(headings) - 1)] if headings else ""
    if not grouped and content.tables:
        grouped.append(("", []))
    return [
        {
            "heading": heading,
            "paragraphs": [runs(p.text, p.evidence, places) for p in paragraphs],
            "tables": [
                table_data(t, places)
                for t in content.tables
                if (t.section if t.section in headings else fallback) == heading
            ],
        }
        for heading, paragraphs in grouped
    ]


def _reference(content: LetterContent) -> str:
    """Return what identifies a stray page to the payer: its own claim number, else ours, else the denial id."""
    for wanted in ("payer claim number", "claim number", "our claim number"):
        for fact in content.facts:
            if fact.label.casefold() == wanted and fact.value:
                return f"{fact.label} {fact.value}"
    return content.denial_id


def _role(content: LetterContent) -> str:
    """Return the line under the signer's name: for whom an office signs, else the person's role."""
    signer = content.signature
    return f"for {content.sender.name}" if signer.role.casefold() == signer.name.casefold() else signer.role


def letter_data(content: LetterContent, exhibits: Sequence[Exhibit], places: Mapping[str, Citation]) -> dict[str, Any]:
    """Return what the template needs for the letter. Pages, links and exhibits are the caller's to add."""
    party = content.addressee
    return {
        "title": f"{content.subject} ({content.denial_id})",
        "draft": content.draft,
        "sender": {"name": content.sender.name, "lines": list(content.sender.lines)},
        "addressee": {"name": party.name, "lines": list(party.lines)},
        "date": day(content.date),
        "level": content.level,
        "channel": content.channel,
        "subject": content.subject,
        "facts": [
            {"label": f.label, "value": dates_in_words(f.value), "strong": bool(_STRONG.search(f.label))}
            for f in content.facts
        ],
        "ask": runs(content.ask, (), places),
        "sections": _sections(content, places),
        "closing": content.closing,
        "contact": content.contact,
        "signature": {
            "name": content.signature.name,
            "role": _role(content),
            "npi": content.signature.npi,
            "signed": content.signature.signed,
            "signed_on": day(content.signature.signed_on) if content.signature.signed_on else "",
            "approved": dates_in_words(content.signature.approved),
        },
        "reference": _reference(content),
        "bates": bates_prefix(content.denial_id),
        "enclosures": [
            {
                "number": str(number),
                "title": exhibit.title,
                "proves": exhibit.proves,
                "target": exhibit_target(number),
                "row": f"row:{number}",
            }
            for number, exhibit in enumerate(exhibits, start=1)
        ],
    }


def render_letter(
    content: LetterContent,
    exhibits: Sequence[Exhibit] = (),
    evidence: Sequence[Evidence] = (),
    *,
    pages: Mapping[str, int] | None = None,
    total: int | None = None,
    offset: int = 0,
) -> bytes:
    """Return the letter alone as PDF (US Letter, PDF/A-2a, PDF/UA-1, fonts inside), always the same bytes.

    Citations name the exhibit and link to its row in the letter's own index. `pages` (target label to page)
    and `total` are those of the packet the letter belongs to, `offset` its pages before the letter; without them
    exhibits have no page numbers.
    Raises TypesettingError when the content cannot be laid out.
    """
    known = pages or {}
    places = resolve(exhibits, evidence, known)
    data = letter_data(content, exhibits, places)
    data |= {"pages": dict(known), "linked": False, "total": total, "exhibits": [], "targets": []}
    data |= {"forms": [], "offset": offset}
    return typeset(data, content.date).pdf
