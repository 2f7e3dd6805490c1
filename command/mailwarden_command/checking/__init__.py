"""``mailwarden check``: judges templates and plans before they are deployed, without an account."""
