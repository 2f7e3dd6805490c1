"""The inputs of Mailwarden's monitoring: trails that deliver events, and valid settings."""
