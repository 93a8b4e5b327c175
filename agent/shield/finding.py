"""Where in a text something stands that must not leave."""

import base64
import binascii
import re
from collections.abc import Iterator

from agent.shield.folding import Reading, compact, readings
from agent.shield.identifier import Identifier, Span
from agent.shield.identifiers import Identifiers
from agent.shield.patterns import pattern_hits

TOKEN = re.compile(r"\[\[[A-Z]+-\d+(?::[a-z]+)?\]\]")
"""The form of a token."""

_HIDDEN = re.compile(
    "[\U000e0000-\U000e007f]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}|[\u200b-\u200f\u2060-\u2064\ufeff]{4,}"
)
_KEPT = 20_000
"""Texts whose findings are kept: a talk sends its messages again at every asking."""

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def find(text: str, identifiers: Identifiers, *, tokens: bool) -> tuple[Span, ...]:
    """Find everything that must not leave, in order and apart from one another; with `tokens`, token-like text too."""
    tokens = tokens and "[[" in text
    key = (text, tokens)
    known = identifiers.found.get(key)
    if known is None:
        if len(identifiers.found) >= _KEPT:
            identifiers.found.clear()
        known = identifiers.found[key] = tuple(_find(text, identifiers, tokens=tokens))
    return known


def _find(text: str, identifiers: Identifiers, *, tokens: bool) -> list[Span]:
    spans: list[Span] = []
    if tokens:
        spans += [Span(*found.span(), (_unread("TEXT", found.group()),)) for found in TOKEN.finditer(text)]
    for reading in readings(text):
        spans += _in_reading(reading, identifiers)
    spans += _encoded(text, identifiers)
    if not text.isascii():
        spans += [Span(*found.span(), (_unread("HIDDEN", found.group()),)) for found in _HIDDEN.finditer(text)]
    return _apart(spans)


def _in_reading(reading: Reading, identifiers: Identifiers) -> Iterator[Span]:
    for hit in identifiers.lexicon.hits(reading):
        yield Span(hit.start, hit.end, hit.meanings)
    for start, end, found in identifiers.birthdays.hits(reading):
        yield Span(start, end, (found,))
    for start, end, found in pattern_hits(reading):
        yield Span(start, end, (found,))


def _encoded(text: str, identifiers: Identifiers) -> Iterator[Span]:
    """Give base64 runs that hold something known: a model reads them as well as plain text."""
    for found in _ENCODED.finditer(text):
        run = found.group().rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            plain = base64.b64decode(run[: len(run) // 4 * 4] if len(run) % 4 == 1 else run + "=" * (-len(run) % 4))
            words = plain.decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if any(True for reading in readings(words) for _ in _in_reading(reading, identifiers)):
            yield Span(*found.span(), (_unread("TEXT", found.group()),))


def _unread(kind: str, shown: str) -> Identifier:
    key = compact(shown)
    return Identifier("HIDDEN" if kind == "HIDDEN" else "TEXT", f"{kind}:{shown}", shown, (key,), "exact")


def _apart(spans: list[Span]) -> list[Span]:
    """Join what overlaps, so that no rest of either is left; the longer one says what it is."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= span.end:
            continue
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            wider = max(last, span, key=lambda one: one.end - one.start)
            merged[-1] = Span(last.start, max(last.end, span.end), wider.meanings)
        else:
            merged.append(span)
    return merged
