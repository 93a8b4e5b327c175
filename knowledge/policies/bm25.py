"""BM25 over a handful of passages: the words of a question, and words that mean the same, by how rare they are."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

K1, B = 1.2, 0.75
"""Usual constants: how soon repetition stops counting, how much length is made up for."""


class Bm25:
    """Scores texts, given as their tokens, for weighted words."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Count the words of every text once."""
        self._counts = [Counter(text) for text in texts]
        self._lengths = [max(len(text), 1) for text in texts]
        self._mean = sum(self._lengths) / len(self._lengths) if texts else 1.0
        self._holding = Counter(word for counts in self._counts for word in counts)

    def scores(self, words: Mapping[str, float]) -> list[float]:
        """Score every text, in the order given; 0 where it has none of the words."""
        return [self._score(words, counts, length) for counts, length in zip(self._counts, self._lengths, strict=True)]

    def most(self, words: Iterable[str]) -> float:
        """Return what a text would score at most that held every word often; 1 for no words at all."""
        return sum(self._rarity(word) * (K1 + 1) for word in words) or 1.0

    def _score(self, words: Mapping[str, float], counts: Counter[str], length: int) -> float:
        norm = K1 * (1 - B + B * length / self._mean)
        return sum(
            weight * self._rarity(word) * counts[word] * (K1 + 1) / (counts[word] + norm)
            for word, weight in words.items()
            if counts[word]
        )

    def _rarity(self, word: str) -> float:
        holding = self._holding[word]
        return math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))
