"""Files at rest: the one place where what is a patient's is written to the home's disk and read back."""

from agent.vault.files import Changed, Vault

__all__ = ["Changed", "Vault"]
