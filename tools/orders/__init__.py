"""Orders to ``operate``: an undo, the sender of a pool, an address taken from a suppression list."""
