"""The commands of `overturn`, one a file."""
