"""Approval: who may decide it, the final copy it names byte for byte, and what makes it void."""
