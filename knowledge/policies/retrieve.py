"""Passages that answer a question, only from the payer's policy in force on the date of service."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from knowledge.policies.bm25 import Bm25
from knowledge.policies.in_force import AmbiguousPolicy, policy_in_force
from knowledge.policies.index import PassageIndex
from knowledge.policies.passages import Passage, cut_passages
from knowledge.policies.words import spelled_out, tokens, widened
from knowledge.types.practice import Frozen, Policy

VECTOR_SHARE = 0.4
"""What meaning counts in the blend; the rest is words. Chosen on the tuning questions of evals/retrieval."""


class Retrieved(Frozen):
    """What a search found, best first. `policy_id` None = no single policy was in force, and nothing is given.

    `by` is "blend" (meaning and words) or "words"; `says` tells why when it is words alone, or why there is nothing.
    """

    passages: tuple[Passage, ...] = ()
    policy_id: str | None = None
    by: Literal["blend", "words"] = "words"
    says: str = ""


def retrieve(
    question: str,
    policies: Iterable[Policy],
    payer_id: str,
    hcpcs: str,
    on: date,
    k: int = 3,
    index: PassageIndex | None = None,
) -> Retrieved:
    """Find the `k` passages that best answer a question in the payer's policy for a drug on a date of service.

    Another payer's policy, or another version, is never searched. Without an index, or with one that lacks the
    policy, passages are found by their words alone, which is said.
    """
    policy = policy_in_force(policies, payer_id, hcpcs, on)
    if policy is None:
        return Retrieved(says=f"no policy of {payer_id} for {hcpcs} was in force on {on}")
    if isinstance(policy, AmbiguousPolicy):
        return Retrieved(says=policy.says)
    passages = cut_passages(policy)
    similar = index.similarities(question, passages) if index is not None else None
    if similar is None:
        lacks = "the index lacks this policy" if index is not None else "no index is open"
        says = f"found by words alone: {lacks}"
        return Retrieved(passages=rank(question, passages, None, k), policy_id=policy.policy_id, says=says)
    return Retrieved(passages=rank(question, passages, similar, k), policy_id=policy.policy_id, by="blend")


def rank(
    question: str, passages: Sequence[Passage], similar: Sequence[float] | None, k: int, share: float = VECTOR_SHARE
) -> tuple[Passage, ...]:
    """Order passages by words and, where similarities are given, by meaning; equals keep the document's order.

    Words count as a share of what the question's own words could score, so that a chance word does not outweigh
    meaning; similarities are stretched to 0..1 over the passages. `share` is what meaning counts.
    """
    bm25 = Bm25([tokens(passage.searched) for passage in passages])
    words = widened(spelled_out(question))
    most = bm25.most(word for word, weight in words.items() if weight == 1)
    by_words = [min(score / most, 1.0) for score in bm25.scores(words)]
    by_meaning = _stretched(similar) if similar is not None else by_words
    scores = [share * near + (1 - share) * word for near, word in zip(by_meaning, by_words, strict=True)]
    order = sorted(range(len(passages)), key=lambda at: (-scores[at], at))
    return tuple(passages[at].model_copy(update={"score": round(scores[at], 6)}) for at in order[:k])


def _stretched(scores: Sequence[float]) -> list[float]:
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]
