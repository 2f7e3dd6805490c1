"""Version 1 of the SES API: the query protocol."""
