"""The grant that Mailwarden writes."""
