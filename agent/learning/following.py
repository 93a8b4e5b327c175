"""What follows from a moved case: its review is never lowered, and what the payer wants beside the answer is asked."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from agent.decision import Decision, decide
from agent.desk import Desk
from agent.learning.moved import MOVED_STAGE, Moved
from agent.work import Draft, Verified
from knowledge.sealing import HomeKey
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.letters import LetterContent

Making = Callable[[Desk, str, Diagnosis, Decision], Draft]
Doubting = Callable[[Desk, str, Diagnosis, Decision, Draft], Verified]


def moved_case(desk: Desk, denial_id: str) -> Moved | None:
    """Return what rules made of a case; None where none was applied to it."""
    with desk.records.reading() as repository:
        found = repository.casework.work(desk.practice_id, denial_id, MOVED_STAGE, Moved)
    return found if found is not None and found.engine is not None and found.applied else None


def wants_of(desk: Desk, denial_id: str) -> dict[str, str]:
    """Return what the payer wants beside the answer of a case, by what it is about; {} where no rule says."""
    moved = moved_case(desk, denial_id)
    return {name: value for name, value, _ in moved.wants} if moved is not None else {}


def never_lowered(desk: Desk, denial_id: str, decision: Decision) -> Decision:
    """Add every reason for a person that the house's own answer had: a rule may change an answer, never who sees it."""
    moved = moved_case(desk, denial_id)
    if moved is None or moved.engine is None:
        return decision
    own = decide(desk.casebook.case(denial_id), moved.engine, desk.as_of)
    there = {reason.code for reason in decision.review_reasons}
    there |= {"cause-unknown"} if there else set()
    added = [reason for reason in own.review_reasons if reason.code not in there]
    return decision.model_copy(update={"review_reasons": (*decision.review_reasons, *added)})


def with_wants(desk: Desk, denial_id: str, decision: Decision, made: Draft, make: Making, doubts: Doubting) -> Draft:
    """Say in a draft what rules ask beside the answer, and what its own answer would have lacked.

    What was carried out, a choice among what is known of the payer, is noted, and so is an enclosure the packet already
    holds; everything else the payer wants is a person's to see to. Where the moved case would go straight through, the
    house's own answer is drafted aside: what that lacked, this lacks.
    """
    moved = moved_case(desk, denial_id)
    if moved is None:
        return made
    lacking, notes = list(made.lacking), list(made.notes)
    done = dict(made.ways)
    for name, value, rule in moved.wants:
        if name in done:
            notes.append(f"{rule}: {done[name]}")
        elif name == "enclosure" and made.letter is not None and value.casefold() in _shown(made.letter):
            notes.append(f"{rule}: {value} is enclosed")
        else:
            lacking.append(f"{_asked(name, value)} ({rule})")
    if not decision.review_reasons and not lacking:
        lacking += _own_lacks(desk, denial_id, moved, make, doubts)
    return made.model_copy(update={"lacking": tuple(lacking), "notes": tuple(notes)})


def _own_lacks(desk: Desk, denial_id: str, moved: Moved, make: Making, doubts: Doubting) -> Iterator[str]:
    if moved.engine is None:
        return
    with tempfile.TemporaryDirectory(prefix="overturn-own-answer-") as aside:
        there = replace(desk, home=Path(aside), key=HomeKey.fresh())
        own = decide(desk.casebook.case(denial_id), moved.engine, desk.as_of)
        made = make(there, denial_id, moved.engine, own)
        found = (*made.lacking, *doubts(there, denial_id, moved.engine, own, made).unsupported)
    for says in found:
        yield f"The answer before {moved.applied[0].rule_id} needed a person, so this one does: {says}"


def _shown(letter: LetterContent) -> str:
    return " ".join(item for item in letter.model_dump_json().casefold().split())


_ASKS = {
    "enclosure": "This payer wants {value} enclosed, and the packet does not hold it: add it",
    "addressee": "This payer wants it addressed to {value}: see that it is",
    "channel": "This payer wants it by {value}: send it so",
    "level": "This payer wants it as {value}: see that it is called so",
    "form": "This payer wants its form {value}: fill it in",
    "modifier": "This payer wants modifier {value}: a coder decides whether the chart bears it",
}


def _asked(name: str, value: str) -> str:
    return _ASKS[name].format(value=value)
