"""Alerts: the notice, its wording, the mail text and the JSON document."""
