"""Records findings and announces them."""
