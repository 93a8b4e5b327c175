"""Work products: the letter, its exhibits, the packet, and the check that nothing in them is unsupported.

The way through: `composing` turns a case into letter content, `verification` holds every word of it
against the evidence, `packet` typesets letter and exhibits into one PDF. Typesetting is typst, and what
typst is given is data only.
"""
