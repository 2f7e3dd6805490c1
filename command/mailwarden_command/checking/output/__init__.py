"""The report of a check in every format; each is a pure function of the report."""
