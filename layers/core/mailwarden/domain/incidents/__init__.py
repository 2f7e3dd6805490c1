"""Incidents: each cause has one message, which is updated until the cause has ended."""
