"""The pools that a finding affects."""
