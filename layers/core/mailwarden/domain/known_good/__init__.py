"""The last known good EmailConfiguration of a pool, and what became of it."""
