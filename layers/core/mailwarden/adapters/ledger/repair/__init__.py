"""The roles of the ledger that only writes to AWS need."""
