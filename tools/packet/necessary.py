"""The minimum necessary of a document: what the letter rests on, and what need not go with it.

A short document goes as it stands. Of a longer one the opening, the signature and the blocks with cited passages go.
Whatever the length, sentences on matters that need more than a claim to be sent are kept back unless one is cited.
What is left out is said in its place, and named for the person who releases the packet.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.types.letters import Exhibit
from tools.packet.exhibits import find_passage

PROTECTED = Path(__file__).parent / "protected.yaml"

PAGE_CHARACTERS = 4200
"""What a printed page of an exhibit holds, about: a document no longer than this goes as it stands."""

_BLOCK = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+(?=\s|$)|[.!?](?=\S)[^.!?]*)*[.!?]*\s*")
_SIGNED = re.compile(r"\b(?:signed|attested|cosigned|dictated) by\b", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True)
class _Kind:
    says: str
    terms: re.Pattern[str]


@cache
def _protected() -> tuple[_Kind, ...]:
    entries: list[dict[str, Any]] = yaml.safe_load(PROTECTED.read_text("utf-8"))
    return tuple(_Kind(e["says"], re.compile("|".join(f"(?:{t})" for t in e["terms"]), re.IGNORECASE)) for e in entries)


def protected_in(text: str) -> tuple[str, ...]:
    """Name the kinds of specially protected matter that `text` speaks of."""
    return tuple(kind.says for kind in _protected() if kind.terms.search(text))


def necessary(exhibit: Exhibit) -> Exhibit:
    """Return a document's exhibit with what need not go left out of its text, and named in `left_out`.

    Cited passages always stay. One that cannot be found keeps the document whole: nobody knows where it stands.
    """
    text = exhibit.text
    if not text.strip() or not exhibit.sheet:
        return exhibit  # a remittance, a claim, a policy: not a document of the chart
    spans = [find_passage(text, passage.quote) for passage in exhibit.passages]
    kept = [span for span in spans if span is not None]
    cuts: list[tuple[Span, str]] = []
    told: list[str] = []
    if not exhibit.whole and kept and len(kept) == len(spans) and len(text) > PAGE_CHARACTERS:
        cuts, told = _blocks_left_out(text, kept)
    secret, named = _secrets(text, kept, [span for span, _ in cuts])
    text = _without(text, [*cuts, *secret])
    return exhibit.model_copy(update={"text": text, "left_out": (*exhibit.left_out, *told, *named)})


def _blocks_left_out(text: str, kept: Sequence[Span]) -> tuple[list[tuple[Span, str]], list[str]]:
    """Find the blocks (set apart by blank lines) that hold nothing cited; opening and signature always go."""
    blocks = [match.span() for match in _BLOCK.finditer(text)]
    needed = {0, *(at for at, block in enumerate(blocks) if _touches(block, kept))}
    needed |= {
        at for at, (start, end) in enumerate(blocks) if at == len(blocks) - 1 and _SIGNED.search(text[start:end])
    }
    # A heading of its own goes with the block beneath it.
    needed |= {at - 1 for at in needed if at and "\n" not in text[slice(*blocks[at - 1])].strip()}
    cuts: list[tuple[Span, str]] = []
    lines = 0
    for at, (start, end) in enumerate(blocks):
        if at in needed:
            continue
        count = text[start:end].strip().count("\n") + 1
        lines += count
        if cuts and at - 1 not in needed:
            before, earlier = cuts.pop()
            count += int(earlier.split()[1])
            start = before[0]
        cuts.append(((start, end), f"[… {count} lines not relied on are left out …]\n"))
    return cuts, [f"{lines} of its lines, which the letter does not rest on"] if lines else []


def _secrets(text: str, kept: Sequence[Span], gone: Sequence[Span]) -> tuple[list[tuple[Span, str]], list[str]]:
    found: dict[Span, list[str]] = {}
    for kind in _protected():
        for match in kind.terms.finditer(text):
            span = _sentence_around(text, match.start())
            if not _touches(span, kept) and not _touches(match.span(), gone):
                found.setdefault(span, []).append(kind.says)
    kinds = list(dict.fromkeys(says for each in found.values() for says in each))
    cuts = [(span, "[left out: not needed for this claim] ") for span in found]
    return cuts, [f"what it says of {says}" for says in kinds]


def _sentence_around(text: str, at: int) -> Span:
    """Return the sentence, within its block, that holds a place."""
    block = next((match.span() for match in _BLOCK.finditer(text) if match.start() <= at < match.end()), (0, len(text)))
    for match in _SENTENCE.finditer(text, *block):
        if match.start() <= at < match.end():
            return match.span()
    return block


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _without(text: str, cuts: Sequence[tuple[Span, str]]) -> str:
    for (start, end), mark in sorted(cuts, reverse=True):
        tail = "\n" if text[start:end].endswith("\n") and not mark.endswith("\n") else ""
        text = text[:start] + mark + tail + text[end:]
    return text
