"""A letter as a Word file: written for editing, and read back, with nothing in it that is not text."""
