"""What the demo shows: every scene as text, on a terminal or in a file."""
