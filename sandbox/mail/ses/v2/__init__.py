"""Version 2 of the SES API: REST."""
