"""From what payers said to what was denied: one record per denied line, over every remit in hand.

Read in this order: `delivery` (what arrived), `fingerprint` (has it arrived before), `adjudication` (is
this line a denial), `netting` (what a later answer took back), `timeline` (one line over all its answers),
`finding` (all).
"""
