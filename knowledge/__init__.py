"""What is known: the vocabulary, code tables, causes, policies, and the practice's records."""
