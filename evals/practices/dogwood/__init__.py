"""A community oncology practice in the Carolina Piedmont, invented: its folder, and what is true of every line."""
