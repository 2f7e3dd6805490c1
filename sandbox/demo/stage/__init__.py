"""Where the demo plays: the box, the people's pools and mail in it, and what Mailwarden recorded and sent."""
