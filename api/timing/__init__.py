"""How long the server takes: every page at 100,000 denials (`python -m api.timing.pages`)."""
