"""How a policy's criteria stand in a letter: as data, as a table, and what a sentence may say of them."""

from collections.abc import Sequence

from knowledge.types.criteria import CriterionRow, CriterionTable
from knowledge.types.evidence import Evidence
from knowledge.types.letters import CriteriaStanding, CriterionStanding, Table
from tools.packet.normalising import collapsed

CRITERIA = "The criteria"
"""The heading under which the table of criteria stands."""


def criteria_standing(table: CriterionTable, evidence: Sequence[Evidence]) -> CriteriaStanding | None:
    """Return how the criteria stand, each with the evidence that carries it; None when evidence carries none.

    Exclusions are left out: that one "is met" there means that it does not apply. So are criteria whose own words
    are not in evidence.
    """
    excluded = {one.group.id for one in table.groups if one.group.logic == "exclusion"}
    rows = [row for row in table.rows if row.criterion.group not in excluded]
    standings = tuple(found for row in rows if (found := _standing(row, table.policy_id, evidence)) is not None)
    if not standings:
        return None
    return CriteriaStanding(policy_id=table.policy_id, outcome=table.outcome, rows=standings)


def _standing(row: CriterionRow, policy_id: str, evidence: Sequence[Evidence]) -> CriterionStanding | None:
    wanted = collapsed(row.criterion.text)
    asked = [e for e in evidence if e.kind == "policy" and collapsed(e.quote or "") == wanted and policy_id in e.says]
    if not asked:
        return None
    answers = {(row.source, collapsed(row.quote or row.chart_fact))}
    answers |= {(answer.source, collapsed(answer.quote or answer.says)) for answer in row.answers}
    found = [
        item
        for item in evidence
        if item.kind == "chart"
        and any(source and item.source.endswith(source) and text == _own_words(item) for source, text in answers)
    ]
    return CriterionStanding(
        text=row.criterion.text,
        # Without the answer in evidence nothing can be said to be met.
        outcome=row.outcome if found or row.outcome != "met" else "not_determinable",
        policy_evidence=asked[0].id,
        chart_evidence=tuple(item.id for item in found),
        said="; ".join(dict.fromkeys(_own_words(item).rstrip(".;") for item in found)),
    )


def _own_words(item: Evidence) -> str:
    return collapsed(item.quote or item.says)


def criteria_table(standing: CriteriaStanding) -> tuple[Table, ...]:
    """Return the table of the criteria met, with the chart's own words; none where nothing is met."""
    met = [row for row in standing.rows if row.outcome == "met"]
    if not met:
        return ()
    return (
        Table(
            title=f"{standing.policy_id}: what the policy asks and what the chart shows",
            columns=("Criterion", "Chart", ""),
            rows=tuple((collapsed(row.text), row.said, "Met") for row in met),
            evidence=tuple(dict.fromkeys(id_ for row in met for id_ in (row.policy_evidence, *row.chart_evidence))),
            section=CRITERIA,
        ),
    )


def standing_carried(standing: CriteriaStanding, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return what a standing says that evidence does not carry: a criterion's words, an answer; empty = all stands."""
    by_id = {item.id: item for item in evidence}
    lost = []
    for row in standing.rows:
        asked = by_id.get(row.policy_evidence)
        if asked is None or asked.kind != "policy" or collapsed(row.text) not in collapsed(asked.quote or ""):
            lost.append(f"the criterion {row.text[:60]!r} does not stand in {row.policy_evidence}")
        if row.outcome == "met" and (not row.chart_evidence or set(row.chart_evidence) - by_id.keys()):
            lost.append(f"nothing in evidence answers the criterion {row.text[:60]!r}")
    return tuple(lost)


def standing_fault(
    plain: str, said: set[str], cited: Sequence[Evidence], standing: CriteriaStanding | None
) -> str | None:
    """Return why a sentence may not say that a criterion is met; None = the standing says it.

    The sentence must cite the criterion's own words; chart evidence it cites must be what answers that criterion.
    Said of "the criteria" as a whole, all clinical criteria together must have come out as met.
    """
    if standing is None:
        return "no criteria were held against the chart, so none can be said to be met"
    if said & {"not", "no", "never", "neither", "nor", "cannot", "without"}:
        return "a letter does not say that a criterion is not met"
    if "criteria" in said and standing.outcome != "met":
        return "the criteria as a whole were not found met"
    asked = [item for item in cited if item.kind == "policy"]
    rows = [row for row in standing.rows if row.policy_evidence in {item.id for item in asked}]
    if not rows or len({row.policy_evidence for row in rows}) < len(asked):
        return "it cites no criterion that was held against the chart"
    if standing.policy_id.casefold() not in plain.casefold() and "criteria" in said and len(rows) < len(standing.rows):
        return "it says the criteria are met and cites only some of them"
    if any(row.outcome != "met" for row in rows):
        return "the criterion cited was not found met"
    answering = {id_ for row in rows for id_ in row.chart_evidence}
    stray = [item.id for item in cited if item.kind != "policy" and item.id not in answering]
    return f"{', '.join(stray)} is not what answers the criterion cited" if stray else None
