"""Rules about the SES account through which the mail leaves."""
