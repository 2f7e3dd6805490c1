"""The report in every format; each is a pure function of the report."""
