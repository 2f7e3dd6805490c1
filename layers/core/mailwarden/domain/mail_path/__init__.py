"""Everything a pool's mail passes through, as one value."""
