"""A cancer center with an on-campus clinic and an office, invented: its folder, and what is true of every denial."""
