"""Rules about what happens while a pool sends: what Cognito itself reports."""
