"""Rules about what the sending policies of the identity allow and deny."""
