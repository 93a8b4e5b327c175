"""Deterministic work: read, match, compute, check, render. No model, no network."""
