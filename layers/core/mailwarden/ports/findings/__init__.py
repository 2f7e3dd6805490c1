"""Keeps findings and sends alerts."""
