"""The messages between the functions: one codec for each kind."""
