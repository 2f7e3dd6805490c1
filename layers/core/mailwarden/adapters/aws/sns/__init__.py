"""The alert topic."""
