"""HER2 as laboratories report it against the classes a policy asks for (ASCO/CAP 2023: 3+, 2+ with ISH, 1+, 0)."""

from collections.abc import Iterator, Mapping, Sequence

from knowledge.types.criteria import BiomarkerRule, Outcome
from tools.policy.facts import Statement

_POSITIVE = frozenset({"3+", "ish+", "2+/ish+", "positive"})
_NOT_POSITIVE = frozenset({"zero", "1+", "2+/ish-", "low", "ultralow", "negative"})
_WHOLE = {"positive": _POSITIVE, "negative": _NOT_POSITIVE, "low": frozenset({"low", "1+", "2+/ish-"})}


def in_pairs(results: Sequence[Statement]) -> Iterator[tuple[Statement, Mapping[str, str]]]:
    """Give each result with the score and the hybridisation that belong together, told in two sentences or reports.

    A score of 2+ is told apart by the hybridisation of the same rank; where there are several that differ, each
    result stands by itself.
    """
    for item in results:
        same = [other for other in results if other.rank == item.rank]
        scores = {other.values["ihc"] for other in same if other.values.get("ihc")}
        signals = {other.values["ish"] for other in same if other.values.get("ish")}
        if len(scores) == 1 and len(signals) == 1:
            yield item, {**item.values, "ihc": scores.pop(), "ish": signals.pop()}
        else:
            yield item, item.values


def by_class(rule: BiomarkerRule, item: Statement, values: Mapping[str, str]) -> Outcome | None:
    """Compare one HER2 result with the classes asked for; None where the result does not go so far."""
    found, whole = _classes(item, values)
    asked = frozenset(rule.categories)
    for name, members in _WHOLE.items():
        if name in asked:
            asked |= members
    if {"3+", "ish+"} <= asked or {"3+", "2+/ish+"} <= asked:
        asked |= _POSITIVE
    if found & asked:
        return "met"
    one_side = bool(found) and (
        (found <= _POSITIVE and not asked & _POSITIVE) or (found <= _NOT_POSITIVE and not asked & _NOT_POSITIVE)
    )
    if asked <= {"ish+", "ish-"}:
        whole = "ish+" in found or "ish-" in found
    return "not_met" if whole or one_side else None


def _classes(item: Statement, values: Mapping[str, str]) -> tuple[frozenset[str], bool]:
    """Return the classes a result is in, and whether the result tells every class."""
    ihc, ish, said = (values.get(key, "") for key in ("ihc", "ish", "result"))
    if ihc == "3+":
        return frozenset({"3+", "positive"} | ({"ish+"} if ish == "amplified" else set())), True
    if ish == "amplified":
        return frozenset({"ish+", "positive"} | ({"2+/ish+", "2+"} if ihc == "2+" else set())), ihc != ""
    if ihc == "2+":
        if ish == "not amplified":
            return frozenset({"2+", "2+/ish-", "ish-", "low", "negative"}), True
        return frozenset({"2+"}), False
    none = {"ish-"} if ish == "not amplified" else set()
    if ihc == "1+":
        return frozenset({"1+", "low", "negative"} | none), True
    if ihc == "0" or said == "zero":
        return frozenset({"zero", "negative"} | none | ({"ultralow"} if said == "ultralow" else set())), True
    if said in ("low", "ultralow"):
        return frozenset({said, "negative"} | none), said == "low"
    if item.polarity in ("positive", "negative"):
        return frozenset({item.polarity} | none), False
    return frozenset(none), False
