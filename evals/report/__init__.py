"""The report: text for a terminal, JSON for programs, one HTML page for people."""
