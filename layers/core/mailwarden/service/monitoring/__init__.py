"""Sweeps of regions and the self check."""
