"""Looks at pools that hints name."""
