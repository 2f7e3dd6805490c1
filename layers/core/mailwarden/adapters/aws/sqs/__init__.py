"""The queues."""
