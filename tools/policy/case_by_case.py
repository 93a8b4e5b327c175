"""What a policy neither covers nor refuses: uses its reviewers decide one by one."""

import re
from collections.abc import Sequence

from knowledge.types.criteria import CompendiumRule, Criterion, CriterionGroup

_DECIDED = re.compile(
    r"\b(?:(?:is|are|will be|may be|can be) (?:individually )?(?:reviewed|considered|decided|evaluated|assessed|judged)"
    r"|(?:is|are) subject to)\b[^.]*?\b(?:one by one|individual(?:ly)?|case[ -]by[ -]case|each on its (?:own )?merits?"
    r"|medical director|case by case basis|(?:peer|clinical|medical|manual) review)"
)


def is_case_by_case(plain: str) -> bool:
    """Tell whether a normalised sentence leaves what it names to a review ("2B is reviewed one by one")."""
    return _DECIDED.search(plain) is not None


def left_open(
    criteria: Sequence[Criterion], groups: Sequence[CriterionGroup], sections: frozenset[str]
) -> list[Criterion]:
    """Keep levels of support from being refuted in sections that leave others to a review.

    An entry of such a level is not refused: the level asked for is then not met, but the use is not denied either.
    """
    excluding = {group.id for group in groups if group.logic == "exclusion"}
    return [
        criterion.model_copy(update={"excepted": True})
        if criterion.heading in sections
        and criterion.group not in excluding
        and any(isinstance(rule, CompendiumRule) for rule in criterion.requires or ())
        else criterion
        for criterion in criteria
    ]
