"""The brief as data: what the physician says, by when, to whom, and what not to say; and the check of every word."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field
from knowledge.types.practice import Frozen
from tools.packet.support import support_of
from tools.packet.verification import Unsupported, unsupported_in

HERE = Path(__file__).parent
FACTS, POLICIES, CAUTIONS = 3, 3, 4
"""How many facts, passages of the policy and cautions a minute's reading holds."""


SHORT = 25
"""A quotation shorter than this tells nothing by itself ("10"): what it is of is said with it."""


class Question(Frozen):
    """What a reviewer asks about a cause, in order of preference, and the kinds of criteria it is about."""

    about: tuple[str, ...]
    asks: tuple[str, ...]


class Passage(Frozen):
    """One fact of the chart or one passage of the policy.

    `quote` is verbatim and may be cut at a word (`cut`); "" = an entry without words, then `says` tells it. `where` is
    what a person opens: document and day, or policy and section; `source` the record itself. `answers` is the
    criterion of the policy that a fact of the chart answers, in the policy's words. `answers` is the
    criterion of the policy that a fact of the chart answers, in the policy's words.
    """

    quote: str
    says: str
    where: str
    source: str
    evidence: str
    cut: bool = False
    answers: str = ""
    answers_evidence: str = ""


class Brief(Frozen):
    """The whole page. `call` are the ways to reach the payer, or what to find out; `at_issue` is one line."""

    denial_id: str
    on: dt.date
    practice: str
    physician: str
    payer: str
    call_by: dt.date
    days_left: int
    rule: str
    call: tuple[str, ...]
    facts: tuple[Field, ...]
    at_issue: str
    stated: str
    question: str
    points: tuple[Passage, ...]
    policy: tuple[Passage, ...]
    cautions: tuple[str, ...]


@cache
def questions() -> dict[str, Question]:
    """Return by root cause what a reviewer asks; a cause that is not here is no matter between physicians."""
    data = yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8"))
    return {cause: Question.model_validate(value) for cause, value in data.items()}


def cut_to(quote: str, limit: int) -> tuple[str, bool]:
    """Return the first words of a quotation that fit, and whether something was left off; the words stay verbatim."""
    plain = " ".join(quote.split())
    if len(plain) <= limit:
        return plain, False
    return plain[:limit].rsplit(" ", 1)[0].rstrip(",;:"), True


def shortened_to(brief: Brief, limit: int) -> Brief:
    """Return the brief with every quotation at most `limit` characters long."""
    return brief.model_copy(
        update={
            "points": tuple(_cut(passage, limit) for passage in brief.points),
            "policy": tuple(_cut(passage, limit) for passage in brief.policy),
        }
    )


def _cut(passage: Passage, limit: int) -> Passage:
    quote, cut = cut_to(passage.quote, limit)
    return passage.model_copy(update={"quote": quote, "cut": cut or passage.cut})


def _asks(by_id: Mapping[str, Evidence], passage: Passage) -> bool:
    return support_of([by_id[passage.answers_evidence]]).quoted(passage.answers)


def given(brief: Brief) -> tuple[Field, ...]:
    """Return what of the page is administrative: names, dates and ways of the call, and what is not in the records."""
    texts = (
        brief.practice,
        brief.physician,
        brief.payer,
        brief.call_by.isoformat(),
        brief.on.isoformat(),
        brief.rule,
        *brief.call,
        *brief.cautions,
        *(passage.where for passage in (*brief.points, *brief.policy)),
    )
    days = (Field(label="days", value=f"{brief.days_left} day{'' if brief.days_left == 1 else 's'}"),)
    return (*brief.facts, *(Field(label="", value=text) for text in texts), *days)


def unsupported(brief: Brief, evidence: Sequence[Evidence]) -> tuple[Unsupported, ...]:
    """Return everything on the page that its evidence does not say; empty = it may be handed to the physician.

    A quotation must stand in the evidence it names, and every other number, date, code and name in the evidence or in
    the administrative facts.
    """
    by_id = {item.id: item for item in evidence}
    everything = support_of(evidence, given(brief))
    found: list[Unsupported] = []
    for where, text in (
        ("at issue", brief.at_issue),
        ("stated reason", brief.stated),
        ("question", brief.question),
        *(("caution", text) for text in brief.cautions),
    ):
        found += unsupported_in(text, everything, where)
    for passage in (*brief.points, *brief.policy):
        item = by_id.get(passage.evidence)
        if item is None:
            says = f"no evidence has the id {passage.evidence}"
            found.append(Unsupported(kind="citation", text=passage.says, where="passage", says=says))
            continue
        own = support_of([item], (*brief.facts, Field(label="", value=passage.where)))
        if len(passage.quote) < SHORT:
            found += unsupported_in(passage.says, own, passage.where)
        if passage.answers and (passage.answers_evidence not in by_id or not _asks(by_id, passage)):
            says = "the criterion does not stand so in the evidence"
            found.append(Unsupported(kind="quote", text=passage.answers, where=passage.where, says=says))
        if passage.quote and not own.quoted(passage.quote):
            says = "the quoted words do not stand so in the evidence"
            found.append(Unsupported(kind="quote", text=passage.quote, where=passage.where, says=says))
    return tuple(found)
