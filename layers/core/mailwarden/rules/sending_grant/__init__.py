"""What the rules about sending authorization share: the question, the faults and the fix."""
