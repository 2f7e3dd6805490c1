"""Sending policies: which ones SES stores, and what they allow."""
