"""Payer policies: which version counted on a day. Passages of it that answer a question are found by `retrieve`."""

from knowledge.policies.in_force import AmbiguousPolicy, policy_in_force

__all__ = ["AmbiguousPolicy", "policy_in_force"]
