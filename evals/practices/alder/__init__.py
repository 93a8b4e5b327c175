"""A community oncology practice, invented: its folder, and what is true of every denied line."""
