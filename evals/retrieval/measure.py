"""Recall: how often the passage that answers is the first, or among the first three."""

from collections.abc import Callable, Sequence

from evals.retrieval.questions import Asked
from knowledge.policies.index import PassageIndex
from knowledge.policies.passages import Passage
from knowledge.policies.retrieve import VECTOR_SHARE, rank
from knowledge.types.practice import Frozen

BAR = 0.95
"""What the blend's recall among the first three must reach."""

Find = Callable[[Asked], tuple[Passage, ...]]


class Recall(Frozen):
    """How a way of searching did. `missed` are the questions whose answer was not among the first three."""

    name: str
    questions: int
    first: int
    among_three: int
    missed: tuple[str, ...]

    @property
    def at_1(self) -> float:
        """The share found first, 0 to 1."""
        return self.first / self.questions

    @property
    def at_3(self) -> float:
        """The share found among the first three, 0 to 1."""
        return self.among_three / self.questions


def measure(name: str, asked: Sequence[Asked], find: Find) -> Recall:
    """Ask every question and look where its answer came."""
    first = among = 0
    missed = []
    for item in asked:
        places = [passage.number for passage in find(item)]
        first += places[:1] == [item.answer]
        if item.answer in places[:3]:
            among += 1
        else:
            missed.append(f"{item.question.policy}: {item.question.asks}")
    return Recall(name=name, questions=len(asked), first=first, among_three=among, missed=tuple(missed))


def by_words(item: Asked) -> tuple[Passage, ...]:
    """Find by words and synonyms alone, as without the encoder."""
    return rank(item.question.asks, item.passages, None, 3)


def by_meaning(index: PassageIndex) -> Find:
    """Find by vectors alone."""
    return _blended(index, 1.0)


def by_both(index: PassageIndex, share: float = VECTOR_SHARE) -> Find:
    """Find as `retrieve` does; `share` is what meaning counts."""
    return _blended(index, share)


def _blended(index: PassageIndex, share: float) -> Find:
    def find(item: Asked) -> tuple[Passage, ...]:
        similar = index.similarities(item.question.asks, item.passages)
        return rank(item.question.asks, item.passages, similar, 3, share)

    return find
