"""Event source mappings: queues and streams that invoke functions."""
