"""What people ask of Mailwarden: a diagnosis, or an address taken from the suppression list."""
