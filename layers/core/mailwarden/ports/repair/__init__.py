"""Writes changes, records them, and limits how many there are."""
