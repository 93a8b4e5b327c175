"""Scorers: one concept a file, each a pure function of a label, a record and the folder's own documents."""
