"""Closing a denial so that no patient pays for it: who may never be billed, and the memo for the file."""
