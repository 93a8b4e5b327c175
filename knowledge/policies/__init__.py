"""Payer policies: which version counted on a day."""

from knowledge.policies.in_force import AmbiguousPolicy, policy_in_force

__all__ = ["AmbiguousPolicy", "policy_in_force"]
