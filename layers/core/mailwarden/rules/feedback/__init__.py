"""Rules about what comes back after a mail was sent: bounces, complaints and the suppression of addresses."""
