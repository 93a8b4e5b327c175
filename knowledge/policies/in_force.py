"""The policy version in force on the date of service: one, or none, or a plain contradiction."""

from collections.abc import Iterable
from datetime import date

from knowledge.types.practice import Frozen, Policy


class AmbiguousPolicy(Frozen):
    """Several versions could count on the day, or one that does not say when it began: a person decides."""

    policies: tuple[Policy, ...]
    says: str


def policy_in_force(policies: Iterable[Policy], payer_id: str, hcpcs: str, on: date) -> Policy | AmbiguousPolicy | None:
    """Find the payer's policy for a drug on a date of service; None when there is none.

    Both dates of a policy are inclusive. A version without `effective_to` ends the day before the first
    version that supersedes it begins; one with an `effective_to` stands by its own dates. Two in force
    are ambiguous, and so is a policy that does not say when it began: another is never cited in its
    place.
    """
    of_payer = [policy for policy in policies if policy.payer_id == payer_id]
    code = hcpcs.strip().upper()
    candidates = [
        policy
        for policy in of_payer
        if code in policy.drugs and _in_dates(policy, on) and not _superseded(policy, of_payer, on)
    ]
    if not candidates:
        return None
    names = ", ".join(_name(policy) for policy in candidates)
    if any(policy.effective_from is None for policy in candidates):
        undated = ", ".join(_name(policy) for policy in candidates if policy.effective_from is None)
        says = f"{undated} has no effective_from: whether it was in force on {on} is not stated"
        return AmbiguousPolicy(policies=tuple(candidates), says=says)
    if len(candidates) > 1:
        says = f"{len(candidates)} policies of {payer_id} for {code} are in force on {on}: {names}"
        return AmbiguousPolicy(policies=tuple(candidates), says=says)
    return candidates[0]


def _in_dates(policy: Policy, on: date) -> bool:
    begun = policy.effective_from is None or policy.effective_from <= on
    return begun and (policy.effective_to is None or on <= policy.effective_to)


def _superseded(policy: Policy, of_payer: Iterable[Policy], on: date) -> bool:
    """Tell whether a later version has taken over by `on`; dates of the policy's own come first."""
    if policy.effective_to is not None:
        return False
    return any(
        other.supersedes == policy.policy_id
        and other.effective_from is not None
        and other.effective_from <= on
        and _follows(other, policy)
        for other in of_payer
        if other is not policy
    )


def _follows(later: Policy, earlier: Policy) -> bool:
    if later.effective_from is None or earlier.effective_from is None:
        return later.policy_id != earlier.policy_id
    if later.policy_id == earlier.policy_id:
        return later.effective_from > earlier.effective_from
    return later.effective_from >= earlier.effective_from


def _name(policy: Policy) -> str:
    return f"{policy.policy_id} ({policy.source})" if policy.source else policy.policy_id
