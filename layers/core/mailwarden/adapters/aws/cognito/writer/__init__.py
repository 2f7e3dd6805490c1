"""The one writer of user pools."""
