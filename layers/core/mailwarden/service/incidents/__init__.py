"""Gathers findings into incidents and announces these."""
