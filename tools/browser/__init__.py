"""Finds the browser that tests of pages use."""
