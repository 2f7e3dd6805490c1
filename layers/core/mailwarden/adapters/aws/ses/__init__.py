"""SES accounts, identities, configuration sets, suppression lists and metrics."""
