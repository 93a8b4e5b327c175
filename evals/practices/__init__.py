"""Labelled sample practices: each has a folder to work on, and beside it what is true of it."""
