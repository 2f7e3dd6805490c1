"""The Korean texts of errors."""
