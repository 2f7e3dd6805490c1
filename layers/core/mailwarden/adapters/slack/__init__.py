"""Slack's incoming webhook."""
