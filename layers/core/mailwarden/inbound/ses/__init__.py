"""Reads mail events and notices of SES."""
