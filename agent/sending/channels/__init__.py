"""Ways out of the house, one a file. Each hands the same bytes over once, however often it is cut off."""
