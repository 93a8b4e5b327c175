"""Corrected claims: a submit-ready 837P made from the claim as it was sent and a list of typed changes."""

from tools.corrected_claim.correct import correct_claim
from tools.corrected_claim.difference import render_diff_text
from tools.corrected_claim.refusal import CorrectionRefused

__all__ = ["CorrectionRefused", "correct_claim", "render_diff_text"]
