"""Questions to the facts of a chart: the best source answers, and equal sources that disagree are not settled."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from knowledge.types.chart import Chart, ClinicalFact, Topic, UnreadMention
from knowledge.types.practice import Frozen
from tools.chart.facts.collecting import read_clinical
from tools.chart.facts.partial_dates import earliest
from tools.chart.facts.vocabulary import Vocabulary

_COMPARED = ("ihc", "ish", "variant", "score", "percent", "stage", "value")
"""Slots that must be the same in two facts that both have them."""
_CHANGES: tuple[Topic, ...] = ("measurement", "performance", "stage", "metastasis", "intent", "event")
"""Topics whose facts are of their day."""


class Answer(Frozen):
    """The best fact to a question.

    `fact` is None when there is none, or when sources of the best rank disagree: then `contradicting` holds them all
    and `latest` the newest of them, for a person to settle. `outranked` are facts of lesser sources that say otherwise.
    """

    fact: ClinicalFact | None = None
    state: Literal["none", "stated", "contradictory"] = "none"
    agreeing: tuple[ClinicalFact, ...] = ()
    contradicting: tuple[ClinicalFact, ...] = ()
    outranked: tuple[ClinicalFact, ...] = ()
    latest: ClinicalFact | None = None


def biomarker(facts: Iterable[ClinicalFact], name: str, by: date) -> Answer:
    """Answer what `name` ("HER2", "PD-L1", "KRAS") was found to be by documents made on or before `by`.

    A document without a day is not known to be from before `by` and does not count.
    """
    return best(fact for fact in facts if fact.topic == "biomarker" and fact.name == name and _is_by(fact, by))


def best(facts: Iterable[ClinicalFact]) -> Answer:
    """Choose among facts of one question: a correction, then the better rank, then the newest of those that agree."""
    listed = list(facts)
    listed = [fact for fact in listed if not _is_corrected(fact, listed)]
    if not listed:
        return Answer()
    rank = min(fact.rank for fact in listed)
    top = sorted((fact for fact in listed if fact.rank == rank), key=_newest)
    latest = top[-1]
    if any(disagree(one, other) for index, one in enumerate(top) for other in top[index + 1 :]):
        return Answer(state="contradictory", contradicting=tuple(top), latest=latest)
    chosen = max(top, key=lambda fact: (fact.polarity != "equivocal", *_preference(fact)))
    return Answer(
        fact=chosen,
        state="stated",
        agreeing=tuple(f for f in listed if f is not chosen and not disagree(f, chosen)),
        outranked=tuple(f for f in listed if disagree(f, chosen)),
        latest=latest,
    )


def prior_lines(facts: Iterable[ClinicalFact], before: date | None = None, drug: str = "") -> tuple[ClinicalFact, ...]:
    """Return the treatments that were given, oldest first.

    Args:
        facts: of one chart.
        before: leave out those that began on this day or later, and those noted later without a date of their own.
        drug: only those with this drug ("carboplatin"), whole name, any case.
    """
    found = [
        fact
        for fact in facts
        if fact.topic == "treatment"
        and fact.polarity == "positive"
        and (not drug or drug.casefold() in fact.values.get("drugs", "").casefold().split("; "))
        and (before is None or _began_before(fact, before))
    ]
    return tuple(sorted(found, key=lambda fact: (fact.values.get("start", "9999"), fact.resource, fact.start)))


def disagree(one: ClinicalFact, other: ClinicalFact) -> bool:
    """Tell whether two facts of one topic and name cannot both be true of one finding.

    Scores of two scales (TPS, CPS) do not compare; a bound is compared by its sign only; an equivocal result leaves
    room for either. What changes with time (weight, stage) disagrees only within one day.
    """
    if one.topic != other.topic or one.name != other.name:
        return False
    if len({fact.values["scale"] for fact in (one, other) if "scale" in fact.values}) > 1:
        return False
    if one.topic in _CHANGES and one.day != other.day:
        return False
    if {one.polarity, other.polarity} == {"positive", "negative"}:
        return True
    categories = {category for fact in (one, other) if (category := _her2_category(fact))}
    if len(categories) > 1:
        return True
    if "bound" in one.values or "bound" in other.values:
        return False
    return any(one.values[key] != other.values[key] for key in _COMPARED if key in one.values and key in other.values)


def mentions_unread(chart: Chart, words: Vocabulary, topic: Topic, name: str = "") -> tuple[UnreadMention, ...]:
    """Return what names a topic (and `name`) without a sure fact: with any, the answer is unknown and not absent.

    Documents that cannot be read at all are listed for the topics they are likely to speak of.
    """
    unread = read_clinical(chart, words).unread
    return tuple(m for m in unread if m.topic == topic and (not m.name or name in ("", m.name)))


def _is_by(fact: ClinicalFact, by: date) -> bool:
    return fact.day is not None and fact.day <= by


def _began_before(fact: ClinicalFact, before: date) -> bool:
    start = earliest(fact.values.get("start") or fact.values.get("when") or fact.values.get("stop") or "")
    if start is not None:
        return start < before
    return fact.day is not None and fact.day < before


def _is_corrected(fact: ClinicalFact, listed: list[ClinicalFact]) -> bool:
    """Tell whether a correction of the same or a later day, from no lesser source, replaces this fact."""
    return any(
        other.values.get("corrects") == "yes"
        and other is not fact
        and other.name == fact.name
        and other.rank <= fact.rank
        and fact.values.get("corrects") != "yes"
        and (other.day is None or fact.day is None or other.day >= fact.day)
        for other in listed
    )


def _newest(fact: ClinicalFact) -> tuple[date, str, int]:
    return fact.day or date.min, fact.resource, fact.start


def _preference(fact: ClinicalFact) -> tuple[int, tuple[date, str, int]] | tuple[tuple[date, str, int], int]:
    """Return what makes one of several agreeing facts the better answer: the newest, or for a marker the fullest."""
    fullness = sum(1 for key in _COMPARED if key in fact.values)
    return (_newest(fact), fullness) if fact.topic in _CHANGES else (fullness, _newest(fact))


def _her2_category(fact: ClinicalFact) -> str:
    """Return HER2 as payers tell it apart (zero, low, positive), "" where the fact does not go so far."""
    if fact.name != "HER2":
        return ""
    ihc, ish = fact.values.get("ihc", ""), fact.values.get("ish", "")
    if fact.polarity == "positive":
        return "positive"
    if not ihc and fact.values.get("result") in ("low", "ultralow", "zero"):
        return fact.values["result"]
    return {"0": "zero", "1+": "low", "2+": "low" if ish == "not amplified" else ""}.get(ihc, "")
