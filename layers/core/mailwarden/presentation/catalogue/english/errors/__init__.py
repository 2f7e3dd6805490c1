"""The English texts of errors."""
