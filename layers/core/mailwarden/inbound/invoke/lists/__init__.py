"""The questions of ``ask`` whose answers list the ledger."""
