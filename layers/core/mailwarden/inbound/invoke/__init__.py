"""Invocations by operators."""
