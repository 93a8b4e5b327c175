"""Typeset the brief: exactly one page, shortened until it is, and read back against its evidence."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pikepdf

from knowledge.types.evidence import Evidence
from tools.packet.printing import dates_in_words, day
from tools.packet.reading_back import page_texts
from tools.packet.verification import verify_text
from tools.pages.typeset import typeset_page
from tools.peer_to_peer.brief import SHORT, Brief, Passage, given, shortened_to, unsupported

_BREAKS = re.compile(r"[-/–—]")
_LONG = 24
_LIMITS = (340, 240, 170, 110)
_LABELS = (
    "Peer-to-peer brief",
    "Call by",
    "Whom to call",
    "Who calls",
    "At issue",
    "Denied as",
    "What the reviewer will likely ask",
    "Three facts",
    "Two facts",
    "One fact",
    "What the policy says",
    "Do not say",
    "For the physician's own use: not part of the appeal, not sent to the payer",
    "answers",
    *("1", "2", "3"),
    "Unreviewed draft made from the records",
)


class BriefUnsupported(ValueError):
    """The brief says what its evidence does not, or does not fit one page: a person prepares the call."""


def render_brief(brief: Brief, evidence: Sequence[Evidence]) -> bytes:
    """Return the brief as a one-page PDF, the same bytes for the same brief.

    Raises:
        BriefUnsupported: some word of it does not stand in the evidence, or it cannot be brought onto one page.
    """
    faults = unsupported(brief, evidence)
    if faults:
        raise BriefUnsupported("; ".join(f"{fault.where}: {fault.text!r} {fault.says}" for fault in faults[:3]))
    for limit in _LIMITS:
        shorter = shortened_to(brief, limit)
        pdf = _typeset(shorter)
        if _pages(pdf) == 1:
            return _read_back(pdf, shorter, evidence)
    raise BriefUnsupported("it does not fit one page")


def _read_back(pdf: bytes, brief: Brief, evidence: Sequence[Evidence]) -> bytes:
    """Hold the printed page against the evidence once more: what was typeset is what is checked."""
    # Long words carry places where a line may break; a reader does not see them.
    text = _rejoined(" ".join(page_texts(pdf)).replace("\u200b", ""), brief)
    faults = verify_text(text, evidence, given(brief), (*_LABELS, brief.denial_id))
    if faults:
        raise BriefUnsupported("; ".join(f"printed: {fault.text!r} {fault.says}" for fault in faults[:3]))
    return pdf


def _rejoined(text: str, brief: Brief) -> str:
    """Put together what a line broke after a hyphen or a stroke, or within a long word, where the brief has it."""
    strings = [brief.at_issue, brief.stated, brief.question, *brief.cautions, *brief.call]
    for item in (*brief.points, *brief.policy):
        strings += [item.quote, item.says, item.where, item.answers]
    words = {word for one in strings for word in one.split() if len(word) >= _LONG or _BREAKS.search(word[:-1])}
    for word in sorted(words, key=lambda one: (-len(one), one)):
        text = re.sub(r"\s*".join(re.escape(char) for char in word), word.replace("\\", r"\\"), text)
    return text


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _typeset(brief: Brief) -> bytes:
    return typeset_page("peer_to_peer/brief.typ", _data(brief), brief.on)


def _data(brief: Brief) -> dict[str, Any]:
    left = f"{brief.days_left} day{'' if brief.days_left == 1 else 's'} left" if brief.days_left else "today"
    return {
        "title": f"Peer-to-peer brief ({brief.denial_id})",
        "denial": brief.denial_id,
        "practice": brief.practice,
        "physician": brief.physician,
        "payer": brief.payer,
        "call_by": day(brief.call_by),
        "left": left,
        "rule": dates_in_words(brief.rule),
        "call": list(brief.call),
        "at_issue": dates_in_words(brief.at_issue),
        "stated": dates_in_words(brief.stated),
        "question": dates_in_words(brief.question),
        "points": [_passage(item) for item in brief.points],
        "policy": [_passage(item) for item in brief.policy],
        "cautions": [dates_in_words(text) for text in brief.cautions],
    }


def _passage(item: Passage) -> dict[str, Any]:
    quote = f"“{item.quote}”{' …' if item.cut else ''}"
    text = quote
    if item.quote and len(item.quote) < SHORT:
        told = dates_in_words(item.says)
        text = f"{told.removesuffix(item.quote)}{quote}" if told.endswith(item.quote) else f"{told} ({quote})"
    return {
        "text": text if item.quote else dates_in_words(item.says),
        "where": dates_in_words(item.where),
        "answers": f"answers “{item.answers}”" if item.answers else "",
    }
