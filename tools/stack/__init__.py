"""The deployed stack: where it is, and how its functions are invoked."""
