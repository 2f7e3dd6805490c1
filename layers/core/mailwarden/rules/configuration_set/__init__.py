"""Rules about the SES configuration set that the mail passes through."""
