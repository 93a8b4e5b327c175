"""A hematology-oncology group with an infusion suite, invented: its folder, and what is true of every denied line."""
