"""Answer a payer's request for records: which kinds it asks for, and the answer as data (275-ready) and as JSON."""
