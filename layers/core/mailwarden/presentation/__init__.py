"""Everything that people read: the only package with sentences for people."""
