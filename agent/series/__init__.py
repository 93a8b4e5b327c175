"""Denials worked once and sent together: series of one shared fact, and batches of what is small."""
