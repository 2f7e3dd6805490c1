"""Reads and keeps what came back: rates, suppression lists, counts of mail, notices."""
