"""Tools that find and open the texts of a case."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from agent.diagnosis.inquiry import Inquiry
from agent.reading.library import Kind, Library, Text
from tools.chart.sentences import sentences

PART = 6_000
"""Characters of a text that are read at a time."""

_WORD = re.compile(r"[a-z0-9]+(?:[.+-][a-z0-9]+)*")
_SHORT = 3


def search_chart(_q: Inquiry, library: Library, asked: Mapping[str, Any]) -> object:
    """Return the chart's passages that share most of the query's rarer words."""
    return {"passages": _found(library, "chart", asked["query"], 6)}


def search_policy(_q: Inquiry, library: Library, asked: Mapping[str, Any]) -> object:
    """Return the policy's passages that share most of the query's rarer words."""
    return {"passages": _found(library, "policy", asked["query"], 4)}


def read_text(_q: Inquiry, library: Library, asked: Mapping[str, Any]) -> object:
    """Return a part of a text, marked as content."""
    text = library.get(asked["text_id"])
    if text is None:
        return {"error": "this case has no such text", "texts": [text.id for text in library.texts]}
    start = max(0, asked["offset"])
    stop = min(start + PART, len(text.text))
    return {
        "text": library.marked(text, start, stop),
        "total_characters": len(text.text),
        "next_offset": stop if stop < len(text.text) else None,
    }


def _found(library: Library, kind: Kind, query: str, most: int) -> list[dict[str, Any]]:
    passages = [(text, passage) for text in library.texts if text.kind == kind for passage in _passages(text)]
    words = [set(_stems(passage)) for _, passage in passages]
    asked = set(_stems(query))
    rarity = Counter(word for found in words for word in found & asked)
    scored = [
        (sum(math.log(1 + len(passages) / rarity[word]) for word in found & asked), -number)
        for number, found in enumerate(words)
    ]
    best = sorted((pair for pair in scored if pair[0] > 0), reverse=True)[:most]
    return [_shown(library, *passages[-number]) for _, number in best]


def _passages(text: Text) -> list[str]:
    """Cut a text into passages of three sentences, each starting where the one before ended."""
    cut = list(sentences(text.text))
    return [text.text[cut[i].start : cut[min(i + 2, len(cut) - 1)].end] for i in range(0, len(cut), 3)]


def _shown(library: Library, text: Text, passage: str) -> dict[str, Any]:
    start = text.text.find(passage)
    return {"text_id": text.id, "passage": library.marked(text, start, start + len(passage))}


def _stems(words: str) -> list[str]:
    found = _WORD.findall(words.casefold())
    return [word if len(word) <= _SHORT else re.sub(r"(?:ing|ed|es|s)$", "", word) for word in found]
