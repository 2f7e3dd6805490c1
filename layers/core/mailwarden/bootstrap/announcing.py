"""What ``functions/announce`` is made of."""
