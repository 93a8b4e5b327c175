"""Webhooks after Standard Webhooks 1.0: events of the feed, brought to the practice's own programs."""
