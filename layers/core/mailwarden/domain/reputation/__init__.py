"""What comes back of the mail: rates, bounces, complaints and the suppression list."""
