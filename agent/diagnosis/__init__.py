"""Diagnosis without a model: hypotheses from codes, facts that confirm or refute them, a remedy by circumstance."""
