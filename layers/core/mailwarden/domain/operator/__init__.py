"""Operators' requests: a diagnosis, or the removal of an address from a suppression list."""
