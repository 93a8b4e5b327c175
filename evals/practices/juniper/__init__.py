"""A community oncology practice in southern Ohio, invented: its folder, and what is true of every answered line."""
