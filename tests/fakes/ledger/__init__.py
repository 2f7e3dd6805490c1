"""The ledger: every role of it, in memory and over a table; the contract tests hold both to the same promises."""
