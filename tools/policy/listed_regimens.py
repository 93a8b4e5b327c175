"""Regimens of high risk that a policy lists beside the sentence that asks for one."""

from collections.abc import Sequence

from knowledge.types.criteria import Criterion, RegimenRule


def with_listed(criterion: Criterion, criteria: Sequence[Criterion]) -> Criterion:
    """Give a criterion that asks for a regimen of high risk the regimens its section lists as such."""
    listed = tuple(
        name
        for other in criteria
        if other.group == criterion.group
        for rule in other.requires or ()
        if isinstance(rule, RegimenRule)
        for name in rule.regimens
    )
    requires = tuple(
        rule.model_copy(update={"regimens": listed}) if isinstance(rule, RegimenRule) and not rule.regimens else rule
        for rule in criterion.requires or ()
    )
    return criterion.model_copy(update={"requires": requires}) if requires and listed else criterion
