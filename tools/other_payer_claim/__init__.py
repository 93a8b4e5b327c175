"""A claim to another payer: the claim as sent, under the other coverage, with the first payer's answer or without."""

from tools.other_payer_claim.build import other_payer_claim
from tools.other_payer_claim.plan import FirstAnswer, OtherPlan

__all__ = ["FirstAnswer", "OtherPlan", "other_payer_claim"]
