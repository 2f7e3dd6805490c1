"""The texts of reports."""
