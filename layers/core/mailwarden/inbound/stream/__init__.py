"""The ledger's stream."""
