"""How the parts of a statement match: globs, operators, conditions, three-valued logic."""
