"""The only writer of user pools."""
