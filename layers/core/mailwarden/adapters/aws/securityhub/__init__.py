"""Security Hub: each incident as a finding."""
