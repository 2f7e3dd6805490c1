"""Converts events and messages from outside into values of the domain."""
