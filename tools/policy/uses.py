"""Uses of a drug that a policy covers side by side: nobody is asked to have two cancers, so one use is enough."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from knowledge.types.criteria import AnyRule, Criterion, CriterionGroup, DiagnosisRule, Disease, Requirement

PRIMARY = re.compile(r"C(?!7[789]|7B|79)|D0|D37|D4[0-9]")
"""Codes of the disease that is treated; a metastasis or an anemia may be asked for beside it."""
_LABEL_STYLE = re.compile(
    r"(?:[-•]\s*)?(?:adults?\b|patients\b|for (?:the )?(?:treatment|adults?|patients)\b|in combination\b|as (?:an? )?"
    r"(?:single|monotherapy|first)|the treatment of)",
    re.IGNORECASE,
)
"""How a label begins each of its indications."""


@dataclass(slots=True)
class _Use:
    """Criteria and groups that speak of one use: the diseases it names, what belongs to it, whether it is a heading."""

    diseases: tuple[Disease, ...]
    block: str = ""
    alone: bool = False
    criteria: list[Criterion] = field(default_factory=list)
    groups: list[CriterionGroup] = field(default_factory=list)


def primary_diseases(requires: Iterable[Requirement]) -> Iterator[Disease]:
    """Yield the diseases to be treated that requirements name, those of alternatives too."""
    for rule in requires:
        if isinstance(rule, DiagnosisRule):
            yield from (disease for disease in rule.diseases if all(PRIMARY.match(code) for code in disease.icd10))
        elif isinstance(rule, AnyRule):
            for option in rule.options:
                yield from primary_diseases(option)


def are_apart(one: Iterable[Disease], other: Iterable[Disease]) -> bool:
    """Tell whether no patient's one disease can be both: no code of the one is a code of the other."""
    codes = [code.replace(".", "") for disease in other for code in disease.icd10]
    return bool(codes) and not any(
        mine.replace(".", "").startswith(code) or code.startswith(mine.replace(".", ""))
        for disease in one
        for mine in disease.icd10
        for code in codes
    )


def side_by_side(
    criteria: list[Criterion], groups: dict[str, CriterionGroup]
) -> tuple[list[Criterion], dict[str, CriterionGroup]]:
    """Put the uses of each group that names several diseases, one by one, into a group of alternatives."""
    for group in list(groups.values()):
        if group.logic in ("all", "unstated") and group.clinical:
            criteria, groups = _apart(group, criteria, groups)
    return criteria, groups


def _apart(
    group: CriterionGroup, criteria: list[Criterion], groups: dict[str, CriterionGroup]
) -> tuple[list[Criterion], dict[str, CriterionGroup]]:
    uses = [*_own(group, criteria), *_below(group, criteria, groups)]
    apart = any(are_apart(one.diseases, other.diseases) for one in uses for other in uses if one is not other)
    alike = group.logic == "all" and _told_as_on_a_label(uses)
    if not (apart or alike):
        return criteria, groups
    holder = f"{group.id}.uses"
    made = dict(groups)
    made[holder] = group.model_copy(
        update={"id": holder, "parent": group.id, "logic": "any", "binding": True, "drugs": (), "general": False}
    )
    place: dict[str, str] = {}
    one_block = len({use.block for use in uses if use.block}) == 1 < len(uses)
    weak: set[str] = set()
    for number, use in enumerate(uses, 1):
        for child in use.groups:
            made[child.id] = child.model_copy(update={"parent": holder})
        if len(use.criteria) > 1:
            name = f"{holder}.{number}"
            made[name] = made[holder].model_copy(update={"id": name, "parent": holder, "logic": "all"})
            place |= {item.id: name for item in use.criteria[:1]}
            place |= {item.id: group.id if one_block else name for item in use.criteria[1:]}
            weak |= {item.id for item in use.criteria[1:]} if one_block else set()
        else:
            place |= {item.id: holder for item in use.criteria}
    moved = [
        item.model_copy(update={"group": place.get(item.id, item.group), "excepted": item.excepted or item.id in weak})
        for item in criteria
    ]
    return moved, made


def _told_as_on_a_label(uses: list[_Use]) -> bool:
    """Tell whether several paragraphs each state an indication as labels do, be it of the same disease."""
    stated = [use for use in uses if use.criteria and _LABEL_STYLE.match(use.criteria[0].text)]
    return len(stated) > 1 and len({use.block for use in stated}) > 1 and len(stated) == len(uses)


def _own(group: CriterionGroup, criteria: list[Criterion]) -> list[_Use]:
    """Read a group's own criteria as uses: each that names a disease begins one, and its paragraph belongs to it.

    A paragraph that is nothing but a disease heads what follows it.
    """
    uses: list[_Use] = []
    listed = group.id.endswith((".list", ".covered", ".table"))
    for item in criteria:
        if item.group != group.id or item.start is None:
            continue
        block = _block(item)
        diseases = tuple(primary_diseases(item.requires or ()))
        if diseases:
            alone = not item.text.rstrip().endswith(".") and len(item.requires or ()) <= 2 and len(item.text) < 80
            uses.append(_Use(diseases, block, alone and not listed, [item]))
        elif uses and not listed and (uses[-1].block == block or uses[-1].alone):
            uses[-1].criteria.append(item)
    return uses


def _block(item: Criterion) -> str:
    """Return the part of a criterion's id that names its paragraph."""
    return ".".join(item.id.split(".")[:2])


def _below(group: CriterionGroup, criteria: list[Criterion], groups: dict[str, CriterionGroup]) -> Iterator[_Use]:
    """Yield the groups below whose lead-in names a disease."""
    for child in groups.values():
        if child.parent != group.id or child.logic != "all":
            continue
        lead = next((item for item in criteria if item.group == child.id), None)
        diseases = tuple(primary_diseases(lead.requires or ())) if lead is not None else ()
        if diseases:
            yield _Use(diseases, "", False, [], [child])
