"""Reads accounts with the caller's own credentials: which regions, how fast, and without a ledger."""
