"""A letter edited by a person: given out as a Word file, taken back, verified, and put in place of the draft's own."""
