"""What a rule says, and how its record moves from state to state."""
