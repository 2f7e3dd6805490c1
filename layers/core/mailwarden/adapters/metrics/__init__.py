"""Mailwarden's own metrics."""
