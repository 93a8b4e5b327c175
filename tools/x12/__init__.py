"""Read X12 files: remittances (835), claims (837P) and claim acknowledgements (277CA)."""
