"""Texts for the language model, one file a prompt; imports nothing of the house."""
