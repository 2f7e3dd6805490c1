"""Alerts as Slack messages."""
