"""What working a denial is worth, learned from how others ended, and the order the worth and the clocks make."""
