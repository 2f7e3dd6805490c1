"""The settings parameter."""
