"""Compares the policy versions of a folder: the same one twice, and two that are in force at once."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from knowledge.policies.in_force import AmbiguousPolicy, policy_in_force
from knowledge.types.practice import Policy
from knowledge.types.reading import ReadingFinding


def compare_versions(policies: Iterable[Policy]) -> tuple[ReadingFinding, ...]:
    """Warn of every pair of versions that leaves a day on which nobody can say which one counts."""
    versions = sorted(policies, key=lambda policy: policy.source)
    return tuple(
        ReadingFinding(
            severity="warning",
            code="policies-overlap",
            says=says,
            file=second.source.rsplit(":", 1)[0],
            where=second.source,
        )
        for first, second in combinations(versions, 2)
        for says in _overlaps(first, second, versions)
    )


def _overlaps(first: Policy, second: Policy, versions: list[Policy]) -> Iterator[str]:
    shared = sorted(set(first.drugs) & set(second.drugs))
    if first.payer_id != second.payer_id or not shared:
        return
    starts = [policy.effective_from for policy in (first, second)]
    if starts[0] is None or starts[1] is None:
        return
    # Both versions have begun on the later first day; if they ever overlap, they do on that day.
    day: date = max(starts[0], starts[1])
    for code in shared:
        found = policy_in_force(versions, first.payer_id, code, day)
        if isinstance(found, AmbiguousPolicy) and first in found.policies and second in found.policies:
            yield (
                f"{first.policy_id} ({first.source}) and {second.policy_id} ({second.source}) "
                f"are both in force for {code} on {day}; "
                "give the older one an effective_to or name it in supersedes"
            )
            return
