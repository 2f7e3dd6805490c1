"""What came back, in the ledger: rates, suppression lists, counts of mail, notices, delivery failures."""
