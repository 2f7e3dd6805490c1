"""Reads and changes suppression lists on the order of a person."""
