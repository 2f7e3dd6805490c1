"""The texts of reports in Korean."""
