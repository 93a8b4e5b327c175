"""A denied line joined to the practice's own records: claim, authorization, chart, coverage, policy, acknowledgement.

Every link says by which rule it was made. Where several records fit equally none is chosen, and that is
said.
"""
