"""One answer from what several sources say: the best source decides, and equals that disagree decide nothing."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from knowledge.types.criteria import Answer, Outcome
from tools.policy.facts import Statement, Unread

_ENOUGH_TO_REFUTE = 2
"""Pathology, laboratory and the treating clinician; a nurse's note or a problem list refutes nothing."""
_ENOUGH_TO_MEET = 3
_RANKS = {1: "a pathology or laboratory report", 2: "the treating clinician", 3: "another note", 4: "the problem list"}


class Weighed(NamedTuple):
    """A statement and what it would make of the requirement; None = it is about it but does not settle it."""

    outcome: Outcome | None
    statement: Statement


def settle(weighed: Sequence[Weighed], asked: str, enough_to_meet: int = _ENOUGH_TO_MEET) -> Answer:
    """Decide by the sources of the best rank; they must agree.

    Args:
        weighed: what each statement says, in any order.
        asked: the requirement in words, for an answer that nothing supports ("PD-L1 TPS >= 1%").
        enough_to_meet: the weakest rank that can meet it; one that is too weak leaves it open.
    """
    if not weighed:
        return Answer(outcome="not_determinable", says=f"{asked}: not found in the chart by the date of service")
    best_rank = min(item.statement.rank for item in weighed)
    best = sorted((item for item in weighed if item.statement.rank == best_rank), key=_order)
    last = best[-1]
    outcomes = {item.outcome for item in best}
    if len(outcomes) > 1:
        other = next(item for item in reversed(best) if item.outcome != last.outcome)
        return _answer(
            "not_determinable", f"{asked}: sources of one rank disagree: {_shown(other)}; {_shown(last)}", last
        )
    outcome = last.outcome
    if outcome is None:
        return _answer("not_determinable", f"{asked}: {_shown(last)} does not settle it", last)
    enough = _ENOUGH_TO_REFUTE if outcome == "not_met" else enough_to_meet
    if best_rank > enough:
        return _answer(
            "not_determinable", f"{asked}: only {_RANKS.get(best_rank, 'a weak source')} says {_shown(last)}", last
        )
    return _answer(outcome, f"{asked}: {_shown(last)}", last)


def unless_unread(answer: Answer, unread: Unread | None) -> Answer:
    """Leave open what was refuted or not found while a passage about it could not be read: it may say otherwise."""
    if unread is None or answer.outcome == "met":
        return answer
    words = " ".join(unread.quote.split())
    says = f'{answer.says}; not surely read: "{words}"'
    return answer.model_copy(update={"outcome": "not_determinable", "says": says})


def _order(item: Weighed) -> tuple[date, str, str]:
    return item.statement.day or date.min, item.statement.resource, item.statement.quote


def _shown(item: Weighed) -> str:
    day = f" ({item.statement.day})" if item.statement.day else ""
    return f'"{" ".join(item.statement.quote.split())}"{day}'


def _answer(outcome: Outcome, says: str, item: Weighed) -> Answer:
    return Answer(
        outcome=outcome,
        says=says,
        quote=item.statement.quote,
        source=item.statement.resource,
        day=item.statement.day,
    )
