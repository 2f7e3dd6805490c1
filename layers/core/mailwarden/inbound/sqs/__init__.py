"""Batches of queue messages."""
