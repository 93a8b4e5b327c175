"""Renders a hand-written practice specification into a practice folder with its labels.

A specification is cases (one story each: the claim as billed, the payer's answers, the truth), patients
(charts), and parts that stand in the folder as they were written (practice, payers, authorizations,
coverage, contracts, policies). Money is balanced here, so every file balances whatever a case says.
"""
