"""A community oncology group in Georgia, invented: its folder, and what is true of every answered line."""
