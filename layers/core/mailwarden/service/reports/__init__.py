"""Sends reports by the calendar."""
