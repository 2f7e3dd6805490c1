"""SES: one store for both versions of its API, and what both of them do."""
