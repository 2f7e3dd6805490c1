"""Slack as far as a channel of alerts needs it: its Web API, and what a workspace holds."""
