"""Rules about the SES account that sends the mail."""
