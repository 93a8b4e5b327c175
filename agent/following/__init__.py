"""What became of a denial: cash, the payer's answers, the next level of appeal, and the readable timeline."""
