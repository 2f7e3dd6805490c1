"""Feedback about sent mail: rates, bounces, complaints and the suppression list."""
