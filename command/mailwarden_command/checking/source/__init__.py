"""Files as trees of values in which every value has its line."""
