"""The outbox: what is approved goes out once, by a channel, and what went out can be shown for good."""
