"""What may be written, what a write would change, and the journal of every write."""
