"""Reads JSON documents from outside, member by member."""
