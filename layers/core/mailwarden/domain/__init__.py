"""The words of Mailwarden as frozen values: subjects, mail path, findings, fixes, decisions. No I/O, no clock."""
