"""Claims not yet sent: the checks that explain denials, asked beforehand, and what to put right."""
