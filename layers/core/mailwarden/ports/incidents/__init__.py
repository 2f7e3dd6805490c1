"""Keeps incidents."""
