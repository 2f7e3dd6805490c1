"""What to put into the source of a resource, ready to be pasted, in the languages in which sources are written."""
