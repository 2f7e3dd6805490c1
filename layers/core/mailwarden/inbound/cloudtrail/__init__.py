"""Reads CloudTrail events: the call, its actor, and its resources."""
