"""A brief for a call between physicians: one page, read in a minute, every word of it from the evidence."""
