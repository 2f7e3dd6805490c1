"""Reads pools and what their mail passes through; keeps the looks at them."""
