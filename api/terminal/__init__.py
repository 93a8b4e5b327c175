"""What the command line shows: tables, pages and lists, readable at 100 columns and clean without a terminal."""
