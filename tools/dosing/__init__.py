"""Dose arithmetic: small pure functions over Decimals, from body size to billing units."""
