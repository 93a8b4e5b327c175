"""Learned payer rules: corrections become proposals, a person accepts them, and they move the cases they match."""
