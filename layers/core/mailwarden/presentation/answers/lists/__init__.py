"""The answers that list what is in the ledger."""
