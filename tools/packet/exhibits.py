"""One exhibit as template data: its text cut into lines, the cited passages found and marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from knowledge.types.letters import Exhibit, ExhibitPassage
from tools.packet.citations import exhibit_target, passage_target
from tools.packet.letter import table_data

# Characters of the fixed-width face on a line of typst/exhibit.typ (8 pt on 6.7 inches).
MONOSPACE_WIDTH = 96
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class MarkedText:
    """Lines of runs for the template, and the passages that could not be found in the text."""

    lines: list[list[dict[str, object]]]
    targets: tuple[str, ...]
    lost: tuple[ExhibitPassage, ...]


def find_passage(text: str, quote: str) -> tuple[int, int] | None:
    """Return where `quote` stands in `text` (start, end), blanks and line breaks counting as one blank."""
    words = quote.split()
    if not words:
        return None
    match = re.search(r"\s+".join(re.escape(word) for word in words), text)
    return match.span() if match else None


def _edges(
    number: int, text: str, passages: Sequence[ExhibitPassage]
) -> tuple[dict[int, list[str]], set[int], list[ExhibitPassage]]:
    starts: dict[int, list[str]] = {}
    inside: set[int] = set()
    lost = []
    for passage in passages:
        span = find_passage(text, passage.quote)
        if span is None:
            lost.append(passage)
            continue
        starts.setdefault(span[0], []).append(passage_target(number, passage.evidence))
        inside.update(range(*span))
    return starts, inside, lost


def mark(number: int, text: str, passages: Sequence[ExhibitPassage], *, width: int = 0) -> MarkedText:
    """Cut `text` into lines of runs, each passage marked; its first run carries the link targets.

    `width` is the most characters a line may have (0 = any: it is broken between words when it is set).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    starts, inside, lost = _edges(number, text, passages)
    seen: set[str] = set()
    lines: list[list[dict[str, object]]] = []
    for at, end in _lines(text, width):
        runs: list[dict[str, object]] = []
        cuts = sorted({at, end, *(i for i in starts if at < i < end), *_changes(inside, at, end)})
        for left, right in pairwise(cuts):
            targets = [t for t in starts.get(left, []) if t not in seen]
            seen.update(targets)
            runs.append({"text": text[left:right], "mark": left in inside, "targets": targets})
        lines.append(runs)
    return MarkedText(lines=lines, targets=tuple(sorted(seen)), lost=tuple(lost))


def _lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line as set: those of the text, those too long for the page cut."""
    at = 0
    for line in text.rstrip().split("\n") if text.strip() else []:
        end = at + len(line)
        start = at
        while width and end - start > width:
            window = text[start : start + width]
            # After a separator in the second half of the line, else wherever the line is full.
            cut = max(window.rfind(separator) for separator in " *,;:|^>") + 1
            cut = cut if cut > width // 2 else width
            yield start, start + cut
            start += cut
        yield start, end
        at = end + 1


def _changes(inside: set[int], start: int, end: int) -> list[int]:
    return [i for i in range(start + 1, end) if (i in inside) != (i - 1 in inside)]


@dataclass(frozen=True)
class ExhibitLayout:
    """An exhibit ready for the template, the labels citations may lead to, and what could not be marked."""

    data: dict[str, Any]
    targets: tuple[str, ...]
    frames: tuple[str, ...]
    lost: tuple[ExhibitPassage, ...]


@dataclass(frozen=True)
class ForeignPages:
    """The pages of an embedded PDF: their own numbers, of how many, and on which of them (from 0) passages stand."""

    numbers: tuple[int, ...] = ()
    total: int = 0
    found: Mapping[str, int] = field(default_factory=dict)


def lay_out(number: int, exhibit: Exhibit, *, foreign: ForeignPages | None = None, notice: str = "") -> ExhibitLayout:
    """Return exhibit `number` for the template.

    Empty frames are left for the pages of an embedded PDF. Its passages are quoted on the cover sheet; a citation
    leads to the page a passage was found on, else to the quotation. `notice` is set in a box on the cover sheet.
    """
    foreign = foreign or ForeignPages()
    marked = mark(number, exhibit.text, exhibit.passages, width=MONOSPACE_WIDTH if exhibit.monospace else 0)
    targets, lost, quotes = marked.targets, marked.lost, []
    if exhibit.pdf and not exhibit.text:
        ids = list(dict.fromkeys(p.evidence for p in exhibit.passages))
        targets, lost = tuple(passage_target(number, id_) for id_ in ids), ()
        quotes = [
            {
                "text": " / ".join(dict.fromkeys(p.quote for p in exhibit.passages if p.evidence == id_)),
                "target": "" if id_ in foreign.found else passage_target(number, id_),
                "place": f"page {foreign.numbers[foreign.found[id_]]} of the document" if id_ in foreign.found else "",
            }
            for id_ in ids
        ]
    elif exhibit.sheet:
        said = dict.fromkeys(p.quote for p in exhibit.passages if p not in lost)
        quotes = [{"text": quote, "target": "", "place": ""} for quote in said]
    frames = tuple(f"frame:{number}:{i}" for i in range(len(foreign.numbers)))
    data = {
        "number": number,
        "title": exhibit.title,
        "source": exhibit.source,
        "proves": exhibit.proves,
        "target": exhibit_target(number),
        "notice": notice,
        "fields": [{"label": f.label, "value": f.value} for f in exhibit.fields],
        "table": table_data(exhibit.table, {}) if exhibit.table else None,
        "lines": marked.lines,
        "monospace": exhibit.monospace,
        "quotes": quotes,
        "frames": [
            {
                "label": frame,
                "targets": sorted(passage_target(number, id_) for id_, page in foreign.found.items() if page == i),
                "says": f"page {foreign.numbers[i]} of {foreign.total} of the document",
            }
            for i, frame in enumerate(frames)
        ],
        "sheet": exhibit.sheet or bool(exhibit.pdf),
        "left_out": list(exhibit.left_out),
        "end": f"end:{number}",
    }
    return ExhibitLayout(data=data, targets=targets, frames=frames, lost=lost)
