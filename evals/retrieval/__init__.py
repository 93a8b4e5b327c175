"""Measures whether the passage that answers a question is found: by words, by meaning, and by both."""
