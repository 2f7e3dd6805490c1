"""Mailwarden's domain as frozen values: subjects, mail path, findings, fixes, decisions. No I/O, no clock."""
