"""Invocations by people."""
