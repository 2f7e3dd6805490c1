"""The output of the programs on a terminal."""
