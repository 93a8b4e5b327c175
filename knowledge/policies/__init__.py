"""Payer policies: which version counted on a day, and the passages of it that answer a question."""

from knowledge.policies.in_force import AmbiguousPolicy, policy_in_force
from knowledge.policies.passages import Passage, cut_passages
from knowledge.policies.retrieve import Retrieved, retrieve

__all__ = ["AmbiguousPolicy", "Passage", "Retrieved", "cut_passages", "policy_in_force", "retrieve"]
