"""Tables, their items, and the journal."""
