"""Statutes, regulations, manuals and compendia a letter may name: dated, sourced, and for whom they hold."""

from knowledge.authorities.table import Authority, AuthorityTableError, load_authorities

__all__ = ["Authority", "AuthorityTableError", "load_authorities"]
