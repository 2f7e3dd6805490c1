"""Looks again, guards and writes."""
