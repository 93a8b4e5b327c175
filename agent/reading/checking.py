"""Hold a model's answers to their sources: a quote that does not stand where it is said to stand is no fact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agent.reading.findings import Ranked, ReadCriterion, ReadFact
from agent.reading.library import Library, Text
from agent.reading.needed import Needed
from agent.reading.quotes import find_quote


@dataclass(slots=True)
class Checked:
    """What stood, and in words what did not: the model is told of the latter once."""

    facts: list[ReadFact] = field(default_factory=list)
    criteria: list[ReadCriterion] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


def check_answers(parsed: Mapping[str, Any], wanted: Needed, library: Library, served: date | None) -> Checked:
    """Take each answer whose quote stands verbatim in a text of this case; the form was checked before.

    A criterion is answered from the chart, by what was there on the date of service. An answer to what was not asked is
    not taken; a second answer to one question withdraws the first, for the two may differ.
    """
    found = Checked()
    questions = {question.fact: question for question in wanted.questions}
    for item in _each(parsed.get("facts", ()), "fact", questions, found.rejected):
        if item["answer"] == "unknown":
            continue
        question = questions[item["fact"]]
        text, quote = _quoted(item, library, question.where, found.rejected, item["fact"])
        if text is not None:
            found.facts.append(
                ReadFact(
                    fact=question.fact,
                    truth=item["answer"],
                    quote=quote,
                    source=text.source,
                    kind=text.kind,
                    title=text.title,
                    section=text.section,
                    day=text.day,
                )
            )
    asked = {row.criterion.id: row for row in wanted.criteria}
    for item in _each(parsed.get("criteria", ()), "criterion_id", asked, found.rejected):
        if item["answer"] == "not_determinable":
            continue
        text, quote = _quoted(item, library, "chart", found.rejected, item["criterion_id"])
        if text is None:
            continue
        if text.day is None or served is None or text.day > served:
            found.rejected.append(f"{item['criterion_id']}: {text.id} is not from on or before the date of service")
            continue
        found.criteria.append(
            ReadCriterion(
                criterion_id=item["criterion_id"],
                outcome=item["answer"],
                quote=quote,
                source=text.source,
                title=text.title,
                day=text.day,
            )
        )
    open_causes = {h.root_cause for h in wanted.causes}
    for item in parsed.get("ranking", ()):
        if item["root_cause"] in open_causes:
            found.ranking.append(Ranked(root_cause=item["root_cause"], why=item["why"][:300]))
    return found


def _each(items: Any, name: str, asked: Mapping[str, Any], rejected: list[str]) -> list[Any]:
    """Return the answers to what was asked, one each."""
    kept: dict[str, Any] = {}
    twice: set[str] = set()
    for item in items:
        key = item[name]
        if key not in asked:
            rejected.append(f"{_name(key)}: was not asked")
        elif key in kept and kept[key] != item:
            twice.add(key)
        else:
            kept[key] = item
    rejected += [f"{key}: was answered twice, and differently" for key in sorted(twice)]
    return [item for key, item in kept.items() if key not in twice]


def _name(given: str) -> str:
    """Return a name the model gave, if it is one: no free words of a model go into a record."""
    return given if re.fullmatch(r"[A-Za-z0-9.-]{1,80}", given) else "(no name)"


def _quoted(
    item: Mapping[str, Any], library: Library, where: str, rejected: list[str], name: str
) -> tuple[Text | None, str]:
    text = library.get(item["text_id"])
    if text is None:
        rejected.append(
            f"{name}: this case has no text {_name(item['text_id']) if item['text_id'] else '(none named)'}"
        )
        return None, ""
    if text.kind != where:
        rejected.append(f"{name}: its quote must come from the {where}, and {text.id} is of the {text.kind}")
        return None, ""
    place = find_quote(item["quote"], text.text)
    if place is None:
        rejected.append(f"{name}: the quote does not stand word for word in {text.id}, or is too short to be found")
        return None, ""
    return text, text.text[place[0] : place[1]]
