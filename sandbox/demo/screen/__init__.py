"""The screen of the demo: every scene as text, on a terminal or in a file."""
