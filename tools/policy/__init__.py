"""Payer policies against the chart: criteria cut from the text, and what the chart answers to each."""

from tools.policy.assess import assess
from tools.policy.criteria import read_criteria
from tools.policy.facts import CaseFacts

__all__ = ["CaseFacts", "assess", "read_criteria"]
