"""Incidents in the ledger."""
