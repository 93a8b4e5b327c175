"""Random tokens: made here, kept as hashes only."""

import hashlib
import hmac
import secrets


def new_token(prefix: str = "") -> str:
    """Make a token of 256 random bits, in letters an address or header takes."""
    return prefix + secrets.token_urlsafe(32)


def new_id(prefix: str) -> str:
    """Make an id for a user or client; it is no secret."""
    return f"{prefix}_{secrets.token_hex(8)}"


def hash_of(token: str) -> str:
    """Give the hash a token is kept as. Tokens are random: one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def page_token(session_token: str) -> str:
    """Give the token a page of this session sends with its changes: another site cannot know it."""
    return hmac.new(session_token.encode(), b"page", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that says nothing about them."""
    return hmac.compare_digest(one.encode(), other.encode())
