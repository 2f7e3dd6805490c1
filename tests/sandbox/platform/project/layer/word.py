"""What the function needs its layer for."""

WORD = "heard"
