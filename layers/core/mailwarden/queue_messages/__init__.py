"""The messages between the functions, with one codec for each kind."""
