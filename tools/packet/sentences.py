"""Cut a paragraph into sentences, each with the citations that close it."""

import re

# A sentence ends at . ! or ? (with closing quotes and citations) before a capital, a quote or a figure.
_BOUNDARY = re.compile(r"([.!?][\"'\u201d\u2019)]*(?:\s?\[[^\[\]]*\])*)\s+(?=[\"'\u201c(]?[A-Z0-9$])")
_TITLES = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|No|Ex|Inc|Jr|Sr|vs|St|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)


def _open_quote(piece: str) -> bool:
    """Tell whether a quotation is still open: what it quotes may be several sentences."""
    return piece.count('"') % 2 == 1 or piece.count("\u201c") > piece.count("\u201d")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text` in order; markers after a full stop stay with it."""
    out: list[str] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        piece = text[start : match.end(1)]
        if _TITLES.search(piece) or _open_quote(piece):
            continue
        out.append(piece.strip())
        start = match.end()
    out.append(text[start:].strip())
    return tuple(piece for piece in out if piece)
