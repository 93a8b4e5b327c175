"""Lies a model could tell in a letter, built by program from right letters of the sample practices."""
