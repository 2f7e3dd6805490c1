"""What Mailwarden's own monitoring rests on: trails that deliver events, and readable settings."""
