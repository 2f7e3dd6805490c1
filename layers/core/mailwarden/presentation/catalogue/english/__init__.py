"""English: one module for each room of the house; ``languages`` puts them together."""
